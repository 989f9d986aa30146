import Foundation
import Llama
import Lookahead
import Tensor
import TestSupport
import Testing

/// README's sample, as a caller without access to what is internal writes it.
@Suite struct ReadmeSampleTests {
  @Test("The sample of README answers as transformers does")
  func sample() throws {
    let (path, text) = (FixturePath.path("tiny-llama"), "Once upon a time there was a duck.")
    // README begins here.
    let checkpoint = try Checkpoint.open(path)  // a GGUF file or a Hugging Face folder
    guard let tokenizer = try checkpoint.makeTokenizer() else { return }
    let model = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 2))
    let prompt = tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: false)
    let stop = StopRules(endTokens: Set(checkpoint.configuration.eosTokenIDs), maximumTokens: 64)
    let sizes = try LookaheadConfiguration(windowSize: 5, ngramSize: 4, candidatesPerToken: 5)
    var decoder = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: sizes)
    let result = try decoder.generate(prompt: prompt, stop: stop)
    print(tokenizer.decode(result.tokens, skipSpecialTokens: true), result.tokensPerPass)
    // README ends here.
    let goldens = try TestPrompts.greedyGolden("tiny-llama/greedy.json").prompts
    let golden = try #require(goldens.first { $0.name == "raw-story" })
    #expect(prompt == golden.promptIDs)
    #expect(result.tokens == Array(golden.outputIDs.prefix(64)))
    #expect(result.passes < result.tokens.count)
  }

  @Test("README's sample of sampling answers as plain decoding with the same seed does")
  func sampling() async throws {
    let checkpoint = try TestModels.checkpoint("tiny-llama")
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    let model = try TestModels.tinyLlama.get()
    let prompt = tokenizer.encode(
      "Once upon a time", addSpecialTokens: true, parseSpecialTokens: false)
    let stop = StopRules(endTokens: Set(checkpoint.configuration.eosTokenIDs), maximumTokens: 64)
    let sizes = try LookaheadConfiguration(windowSize: 5, ngramSize: 4, candidatesPerToken: 5)
    var text = ""
    func print(_ piece: String) { text += piece.hasPrefix("read ") ? "" : piece }
    func print(_ histogram: [Int]) { #expect(histogram.count > 1) }
    // README begins here.
    let sampling = try SamplingConfiguration(temperature: 0.7, topP: 0.9, seed: 7)
    let sampler = SamplingSelector(sampling)  // or with your own LogitsProcessor values
    let stream = AsyncDecoder(
      try LookaheadDecoder(model: model, selector: sampler, configuration: sizes),
      tokenizer: tokenizer)
    let rules = StopRules(
      endTokens: stop.endTokens, maximumTokens: 64,
      stopStrings: try StopStrings(["\n\n"], tokenizer: tokenizer))
    for try await event in stream.generate(prompt: prompt, stop: rules) {
      switch event {
      case .prompt(let progress): print("read \(progress.read) of \(progress.total)")
      case .text(let piece): print(piece)
      case .tokens: break
      case .finished(let result): print(result.statistics.passesByTokens)
      }
    }
    // README ends here.
    var plain = try AutoregressiveDecoder(model: model, selector: sampler)
    let expected = try plain.generate(prompt: prompt, stop: rules).tokens
    #expect(text == OutputText.text(of: expected, tokenizer, stopStrings: rules.stopStrings))
    #expect(!text.isEmpty && !text.contains("\n\n"))
  }

  @Test("README has the samples word for word")
  func verbatim() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let parts = source.components(separatedBy: "    // README begins here.\n").dropFirst()
    let samples = parts.compactMap {
      $0.components(separatedBy: "    // README ends here.").first
    }
    #expect(samples.count == 2)
    for sample in samples {
      let lines = sample.split(separator: "\n").map { $0.dropFirst(4) }
      let text = lines.joined(separator: "\n")
      #expect(try Document("README.md").text.contains("```swift\n\(text)\n```\n"), "\(text)")
    }
  }
}
