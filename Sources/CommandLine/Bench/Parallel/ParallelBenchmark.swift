import Llama
import Lookahead
import Session

/// Makes the texts of some prompts several at once, with different numbers of them, plainly and with
/// lookahead, and checks that they are the same each time.
struct ParallelBenchmark {
  let opened: OpenedModel
  let model: LlamaModel
  let prompts: [BenchPrompt]
  let lookahead: LookaheadConfiguration
  let sampling: SamplingConfiguration
  let maximumTokens: Int

  /// One way to make all texts.
  struct Way: Encodable {
    let textsAtOnce: Int
    let decoding: DecodingMethod
    let tokens: Int
    let passes: Int
    let rows: Int
    let seconds: Double
    /// Of all texts together, prefill included.
    let tokensPerSecond: Double
    /// Whether each text has the tokens that it has alone, made plainly.
    let isEqual: Bool

    enum CodingKeys: String, CodingKey {
      case textsAtOnce = "texts_at_once"
      case decoding, tokens, passes, rows, seconds
      case tokensPerSecond = "tokens_per_second"
      case isEqual = "equal_tokens"
    }
  }

  /// Runs each number of texts at once; a signal ends it before the next.
  func run(_ counts: [Int]) throws -> [Way] {
    let tokenized = try prompts.map { try opened.tokens(of: $0.asPrompt) }
    let stop = StopRules(
      endTokens: try opened.endTokens(isChat: prompts.contains { $0.chat }),
      maximumTokens: maximumTokens)
    var alone: [[TokenID]] = []
    var ways: [Way] = []
    let line = StatusLine()
    defer { line.end() }
    for count in counts {
      for method in [DecodingMethod.autoregressive, .lookahead] {
        guard Interruption.signal == nil else { return ways }
        line.say("\(count.counted("text")) at once, \(method.rawValue) …")
        var settings = try SessionSettings(
          lookahead: method == .lookahead ? lookahead : nil, sampling: sampling)
        settings.textsAtOnce = count
        settings.cacheFolder = nil
        let session = try TextSession(opened, model: model, settings: settings)
        let (texts, result) = try make(tokenized, stop, session)
        guard let result else { return ways }
        if alone.isEmpty { alone = texts }
        let tokens = texts.reduce(0) { $0 + $1.count }
        ways.append(
          Way(
            textsAtOnce: count, decoding: method, tokens: tokens, passes: result.passes,
            rows: result.rows, seconds: result.seconds,
            tokensPerSecond: result.seconds > 0 ? Double(tokens) / result.seconds : 0,
            isEqual: texts == alone))
      }
    }
    return ways
  }

  /// - Returns: the texts, and what they took; nil for that if a signal came.
  private func make(
    _ prompts: [[TokenID]], _ stop: StopRules, _ session: TextSession
  ) throws -> ([[TokenID]], TextsResult?) {
    var texts = [[TokenID]](repeating: [], count: prompts.count)
    let result = try session.generate(prompts, stop: stop) { index, event in
      switch event {
      case .accepted: break
      case .finished(let result): texts[index] = result.tokens
      case .failed(let error): throw error
      }
      return Interruption.signal == nil ? .proceed : .cancel
    }
    return (texts, Interruption.signal == nil ? result : nil)
  }

  static func table(_ ways: [Way]) -> [String] {
    let first = ways.first?.tokensPerSecond ?? 0
    let header = [
      "texts at once", "decoding", "tokens", "passes", "rows a pass", "tokens/s in all",
      "over one text", "same tokens",
    ]
    return TextTable(
      header,
      ways.map { way in
        [
          "\(way.textsAtOnce)", way.decoding.rawValue, way.tokens.grouped, way.passes.grouped,
          (Double(way.rows) / Double(max(1, way.passes))).rounded(toPlaces: 1),
          way.tokensPerSecond.rounded(toPlaces: 1),
          first > 0 ? (way.tokensPerSecond / first).rounded(toPlaces: 2) : "-",
          way.isEqual ? "yes" : "NO",
        ]
      }
    ).text
  }
}
