import Llama
import Lookahead
import Session

/// Texts of the prompts of a file, several at once.
struct ParallelRun {
  let session: TextSession
  let prompts: [BenchPrompt]
  let output: OutputOptions
  /// Tokens made, of all texts.
  private(set) var tokens = 0
  private(set) var failures = 0

  init(_ session: TextSession, _ prompts: [BenchPrompt], _ output: OutputOptions) {
    (self.session, self.prompts, self.output) = (session, prompts, output)
  }

  /// Makes the texts and writes each when it has ended. A signal ends those that run after the running
  /// pass; what they have so far is written too.
  mutating func run(_ tokenized: [[TokenID]], stop: StopRules) throws {
    var running: [Int: [TokenID]] = [:]
    let result = try session.generate(tokenized, stop: stop) { index, event in
      switch event {
      case .accepted(let accepted):
        running[index, default: []] += accepted.tokens
        tokens += accepted.tokens.count
      case .finished(let result):
        running[index] = nil
        try write(index, tokenized[index], result, stop)
      case .failed(let error):
        running[index] = nil
        failures += 1
        Console.note("lookahead: The prompt \(prompts[index].id): \(error)")
      }
      return Interruption.signal == nil ? .proceed : .cancel
    }
    for (index, tokens) in running.sorted(by: { $0.key < $1.key }) {
      try write(index, tokenized[index], .cut(tokens), stop)
    }
    let speed = result.seconds > 0 ? Double(tokens) / result.seconds : 0
    Console.note(
      [
        prompts.count.counted("text"), tokens.counted("token"),
        result.passes.counted("pass", plural: "passes"), "\(result.rows.grouped) rows",
        "\(result.seconds.rounded(toPlaces: 2)) s", "\(speed.rounded(toPlaces: 1)) tokens/s in all",
      ].joined(separator: ", "))
  }

  private func write(
    _ index: Int, _ prompt: [TokenID], _ result: GenerationResult, _ stop: StopRules
  ) throws {
    let text = session.opened.tokenizer.map {
      OutputText.text(of: result.tokens, $0, stopStrings: stop.stopStrings)
    }
    guard output.json else {
      let body = text ?? result.tokens.map(String.init).joined(separator: ",")
      return try Console.write("\(prompts[index].id): \(body)\n\n")
    }
    let report: JSONObject = [
      "id": prompts[index].id,
      "prompt_ids": prompt,
      "output_ids": result.tokens,
      // Null where the model has no tokenizer.
      "text": text,
      "finish_reason": result.finishReason,
      "passes": result.passes,
      "tokens_per_pass": result.tokensPerPass,
      "seconds": ["prefill": result.prefillSeconds, "decode": result.decodeSeconds] as JSONObject,
    ]
    try Console.write(json: report)
  }
}

extension GenerationResult {
  /// A text that a signal ended.
  fileprivate static func cut(_ tokens: [TokenID]) -> GenerationResult {
    GenerationResult(cancelledAfter: tokens)
  }
}
