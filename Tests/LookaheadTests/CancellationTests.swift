import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Texts that are ended while the prompt is read.
struct CancellationTests {
  private static func decoders(_ model: ScriptedModel) throws -> [any Decoder] {
    [
      try AutoregressiveDecoder(model: model, selector: GreedySelector(), prefillChunk: 4),
      try LookaheadDecoder(
        model: model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(
          windowSize: 3, ngramSize: 3, candidatesPerToken: 3),
        prefillChunk: 4),
    ]
  }

  @Test(arguments: [0, 4, 8, 11])
  func `a cancelled prefill generates no tokens, and the cache keeps the rows read`(read: Int)
    throws
  {
    let model = ScriptedModel(seed: 9)
    let prompt = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1]
    let stop = StopRules(endTokens: [], maximumTokens: 12)
    for var decoder in try Self.decoders(model) {
      let cancelled = try decoder.generate(
        prompt: prompt, stop: stop,
        onProgress: { progress in
          if progress.read >= read { throw CancellationError() }
        })
      #expect(cancelled.tokens.isEmpty && cancelled.passes == 0)
      #expect(cancelled.finishReason == .cancelled)
      #expect(decoder.cachedTokens(of: prompt) == min(read, prompt.count - 1))
      // The decoder can generate another text.
      let whole = try decoder.generate(prompt: prompt, stop: stop)
      #expect(whole.tokens == model.continuation(of: prompt, count: 12))
    }
  }

  @Test func `any other error of the caller is thrown on`() throws {
    struct Other: Error {}
    for var decoder in try Self.decoders(ScriptedModel(seed: 9)) {
      #expect(throws: Other.self) {
        try decoder.generate(
          prompt: [1, 2, 3], stop: StopRules(endTokens: [], maximumTokens: 2),
          onProgress: { _ in throw Other() })
      }
    }
  }
}
