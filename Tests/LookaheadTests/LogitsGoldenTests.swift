import Files
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// The bits of logits are those of Fixtures/golden/logits-sha256.json, whatever machine made it.
struct LogitsGoldenTests {
  /// Decodes greedily and compares tokens and digest.
  private func check(
    _ golden: LogitsGolden, with decoder: inout some Decoder, _ comment: String
  ) throws {
    var hash = SHA256()
    let stop = StopRules(endTokens: [], maximumTokens: golden.outputIDs.count)
    let result = try decoder.generate(prompt: golden.promptIDs, stop: stop) { accepted in
      for row in accepted.logitRows { hash.update(accepted.logits.row(row)) }
      return .proceed
    }
    #expect(result.tokens == golden.outputIDs, "\(golden), \(comment)")
    #expect(hash.hexDigest == golden.logitsSHA256, "\(golden), \(comment)")
  }

  private func checkBothDecoders(
    _ golden: LogitsGolden, _ model: LlamaModel, _ comment: String
  ) throws {
    var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
    try check(golden, with: &plain, "plain, \(comment)")
    var lookahead = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: LookaheadConfiguration(),
      prefillChunk: 7)
    try check(golden, with: &lookahead, "lookahead, \(comment)")
  }

  @Test func `the fixture models' digests, with every instruction set and both decoders`() throws {
    let goldens = try LogitsGolden.ofFixtures()
    #expect(Set(goldens.map(\.model)).count >= 8)
    for golden in goldens {
      for instructionSet in InstructionSet.available {
        let model = try TestModels.model(
          golden.model, instructionSet: instructionSet, path: golden.matmul)
        try checkBothDecoders(golden, model, instructionSet.rawValue)
      }
    }
  }

  @Test(
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"),
    .enabled(if: !Sanitizer.isOfThreads, "\(Sanitizer.realModelComment)"))
  func `SmolLM2's digests, one of each arithmetic or in the long suite all, with both decoders`()
    throws
  {
    let goldens = try LogitsGolden.ofSmolLM2()
    #expect(Set(goldens.map(\.matmul)) == [.exact, .int16, .int8])
    var tried: Set<MatrixProductPath> = []
    for golden in goldens where tried.insert(golden.matmul).inserted || LongSuite.isRequested {
      let model = try TestModels.smolLM2(golden.matmul)
      try checkBothDecoders(golden, model, "shared model")
    }
  }
}
