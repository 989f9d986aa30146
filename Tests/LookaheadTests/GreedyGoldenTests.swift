import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Greedy text of Hugging Face transformers, token for token.
@Suite struct GreedyGoldenTests {
  static func tokens(
    _ model: LlamaModel, _ prompt: [TokenID], _ endTokens: Set<TokenID>,
    _ size: (windowSize: Int, ngramSize: Int, candidates: Int)?, length: Int = 128
  ) throws -> GenerationResult {
    let stop = StopRules(endTokens: endTokens, maximumTokens: length)
    guard let size else {
      var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
      return try plain.generate(prompt: prompt, stop: stop)
    }
    var lookahead = try LookaheadDecoder(
      model: model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: size.windowSize, ngramSize: size.ngramSize,
        candidatesPerToken: size.candidates))
    return try lookahead.generate(prompt: prompt, stop: stop)
  }

  @Test(
    "The fixture model's text is that of transformers, and lookahead accepts 1.5 tokens per pass")
  func fixture() throws {
    let model = try TestModels.tinyLlama.get()
    let prompts = try TestPrompts.greedyGolden("tiny-llama/greedy.json").prompts
    var total = (tokens: 0, passes: 0)
    for prompt in prompts {
      let plain = try Self.tokens(model, prompt.promptIDs, [0, 2], nil)
      #expect(plain.tokens == prompt.outputIDs, "\(prompt.name)")
      let lookahead = try Self.tokens(model, prompt.promptIDs, [], (5, 4, 5))
      #expect(lookahead.tokens == prompt.outputIDsIgnoringEnd, "\(prompt.name)")
      total = (total.tokens + lookahead.tokens.count, total.passes + lookahead.passes)
    }
    #expect(Double(total.tokens) / Double(total.passes) >= 1.5)
  }

  @Test(
    "SmolLM2's text and first logits are those of transformers, with and without lookahead",
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
  func smolLM2() throws {
    let model = try TestModels.smolLM2.get()
    let prompts = try TestPrompts.greedyGolden("smollm2/greedy-hf.json").prompts
    let length = Sanitizer.isOfThreads ? 4 : 128
    let shortest = prompts.min { $0.promptIDs.count < $1.promptIDs.count }
    for prompt in Sanitizer.isOfThreads ? [shortest].compactMap(\.self) : prompts {
      let expected = Array(prompt.outputIDs.prefix(length))
      var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
      var first: [Float] = []
      let stop = StopRules(endTokens: [2], maximumTokens: length)
      let result = try plain.generate(prompt: prompt.promptIDs, stop: stop) { accepted in
        if first.isEmpty { first = Array(accepted.logits.row(accepted.logitRows[0])) }
        return .proceed
      }
      #expect(result.tokens == expected, "\(prompt.name)")
      for pair in prompt.firstTopLogits {
        #expect(abs(Double(first[Int(pair[0])]) - pair[1]) < 2e-3, "\(prompt.name), \(pair)")
      }
      let top = first.indices.sorted { first[$0] > first[$1] }.prefix(10)
      #expect(Array(top) == prompt.firstTopLogits.map { Int($0[0]) })
      let lookahead = try Self.tokens(model, prompt.promptIDs, [2], (5, 4, 5), length: length)
      #expect(lookahead.tokens == expected, "\(prompt.name)")
    }
  }
}
