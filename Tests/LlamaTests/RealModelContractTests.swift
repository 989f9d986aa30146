import Llama
import Tensor
import TestSupport
import Testing

/// The contract of docs/numerics.md on SmolLM2, whose rows have hundreds of terms in several blocks.
@Suite(
  .serialized,
  .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"),
  .enabled(if: LongSuite.isRequested, "\(LongSuite.comment)"))
struct RealModelContractTests {
  private func model(threads: Int, _ instructionSet: InstructionSet = .best) throws -> LlamaModel {
    try LlamaModel(
      Checkpoint.open(try #require(TestModels.smolLM2Path)), path: .exact,
      on: Executor(threadCount: threads, instructionSet: instructionSet))
  }

  @Test(arguments: [1, 7, 64])
  func `logits do not depend on the chunks a text is read in`(chunk: Int) throws {
    #expect(
      try TestModels.smolLM2.get().logits(reading: Self.text, inChunksOf: chunk)
        == Self.expected.get())
  }

  @Test(arguments: 1...4)
  func `logits do not depend on the number of threads`(threads: Int) throws {
    #expect(
      try model(threads: threads).logits(reading: Self.text, inChunksOf: 64)
        == Self.expected.get())
  }

  @Test(arguments: InstructionSet.available)
  func `logits do not depend on the instruction set`(_ instructionSet: InstructionSet) throws {
    // The slow kernels take about a second for a row, so they are given few.
    let text = Self.text.prefix(instructionSet.isFast ? Self.text.count : 6)
    let logits = try model(threads: 2, instructionSet).logits(reading: Array(text), inChunksOf: 4)
    #expect(logits == Array(try Self.expected.get().prefix(logits.count)))
    #expect(logits.count == text.count * 49_152)
  }

  @Test(arguments: 0..<6)
  func `a row alone, among others, in any order and uncached has the same logits`(
    seed: Int
  ) throws {
    var generator = SeededGenerator(seed: 100 + UInt64(seed))
    let model = try TestModels.smolLM2.get()
    let tree = TokenTree(
      vocabularySize: model.vocabularySize, longestText: 150, mostRows: 40, &generator)
    let order = Array(tree.tokens.indices).shuffled(using: &generator)
    let together = try tree.logits(
      model, order: order, textChunk: [1, 7, 64].randomElement(using: &generator) ?? 1)
    #expect(
      try tree.logits(model, order: Array(order.indices), textChunk: 150) == together, "\(tree)")
    for row in order.prefix(4) {
      #expect(
        try tree.logitsAlone(model, row: row, textChunk: 64) == together[row],
        "row \(row) of \(tree)")
      #expect(try tree.logitsUncached(model, row: row) == together[row], "row \(row) of \(tree)")
    }
  }

  private static let text: [TokenID] = {
    var generator = SeededGenerator(seed: 21)
    return (0..<130).map { _ in TokenID.random(in: 0..<49_152, using: &generator) }
  }()

  /// Of the whole text in one pass.
  private static let expected = Result {
    try TestModels.smolLM2.get().logits(reading: text, inChunksOf: text.count)
  }
}
