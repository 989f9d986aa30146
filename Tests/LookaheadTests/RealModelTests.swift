import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// SmolLM2, from its GGUF file: lookahead equals plain decoding to the last bit of the logits.
///
/// The prompts are Fixtures/prompts.jsonl, or the file that LOOKAHEAD_PROMPTS names, in the same form.
@Suite(.enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
struct RealModelTests {
  static let sizes = [(5, 4, 5), (1, 2, 3), (12, 6, 2), (0, 5, 8), (7, 3, 0)]
  static let tokens = Sanitizer.isOfThreads ? 4 : 48

  @Test("Greedy lookahead has the tokens and logits of plain decoding for every prompt")
  func lossless() throws {
    let model = try TestModels.smolLM2.get()
    let checkpoint = try Checkpoint.open(TestModels.smolLM2Path ?? "")
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    let template = try tokenizer.chatTemplate(
      source: checkpoint.chatTemplateSource, path: checkpoint.path)
    let prompts = try TestPrompts.jsonLines()
    #expect(prompts.count >= 12)
    for (index, prompt) in prompts.prefix(Sanitizer.isOfThreads ? 1 : .max).enumerated() {
      let ids =
        prompt.chat
        ? try tokenizer.encode(
          [ChatMessage(role: .user, content: prompt.prompt)], with: template,
          addGenerationPrompt: true)
        : tokenizer.encode(prompt.prompt, addSpecialTokens: true, parseSpecialTokens: false)
      let stop = StopRules(
        endTokens: Set(model.configuration.eosTokenIDs), maximumTokens: Self.tokens)
      var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
      let expected = try LosslessnessTests.run(&plain, ids, stop)
      for offset in 0..<2 {
        let (windowSize, ngramSize, candidates) = Self.sizes[(index + offset) % Self.sizes.count]
        var lookahead = try LookaheadDecoder(
          model: model, selector: GreedySelector(),
          configuration: LookaheadConfiguration(
            windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates),
          prefillChunk: [128, 7, 33][index % 3])
        let found = try LosslessnessTests.run(&lookahead, ids, stop)
        #expect(found.result.tokens == expected.result.tokens, "\(prompt.id)")
        #expect(found.logits == expected.logits, "\(prompt.id)")
      }
    }
  }
}
