import Llama
import Tensor
import TestSupport
import Testing

/// The contract of docs/numerics.md, on the fixture models: the bits of a row's logits follow from
/// what the row sees, and from nothing else.
struct ContractTests {
  static let models =
    LlamaModelTests.folders
    + ["gguf/quantised-q8_0.gguf", "gguf/quantised-k.gguf", "gguf/quantised-small.gguf"]
  static let chunks = [1, 7, 64, 150]

  @Test(
    "Logits do not depend on the threads, nor on the chunks a text is read in",
    arguments: 1...4, chunks)
  func threadsAndChunks(threads: Int, chunk: Int) throws {
    for format in KeyValueFormat.allCases {
      #expect(
        try TestModels.model("tiny-llama", threads: threads, cacheFormat: format)
          .logits(reading: Self.text, inChunksOf: chunk) == Self.expected(format))
    }
  }

  @Test("Logits do not depend on the instruction set", arguments: InstructionSet.available)
  func instructionSets(_ instructionSet: InstructionSet) throws {
    for format in KeyValueFormat.allCases {
      let model = try TestModels.model(
        "tiny-llama", instructionSet: instructionSet, cacheFormat: format)
      #expect(try model.logits(reading: Self.text, inChunksOf: 50) == Self.expected(format))
    }
  }

  @Test(
    "A row alone, among others, in any order and uncached has the same logits",
    arguments: models, 0..<12)
  func rows(name: String, seed: Int) throws {
    try checkRows(name, seed: seed, .float32)
  }

  @Test("The same with a float16 cache", arguments: models, 20..<26)
  func rowsOfHalves(name: String, seed: Int) throws {
    try checkRows(name, seed: seed, .float16)
  }

  @Test(
    "The same with products in integers",
    arguments: models.filter { $0.hasPrefix("gguf/quantised") },
    [MatrixProductPath.int16, .int8])
  func rowsInIntegers(name: String, path: MatrixProductPath) throws {
    for seed in 40..<44 { try checkRows(name, seed: seed, .float32, path) }
  }

  private func checkRows(
    _ name: String, seed: Int, _ format: KeyValueFormat, _ path: MatrixProductPath = .exact
  ) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let model = try TestModels.model(name, threads: 1, path: path, cacheFormat: format)
    let tree = TokenTree(
      vocabularySize: model.vocabularySize, longestText: 70, mostRows: 30, &generator)
    let alone = try tree.tokens.indices.map {
      try tree.logitsAlone(
        model, row: $0, textChunk: Self.chunks.randomElement(using: &generator) ?? 1)
    }
    for row in tree.tokens.indices {
      #expect(try tree.logitsUncached(model, row: row) == alone[row], "row \(row) of \(tree)")
    }
    for instructionSet in InstructionSet.available {
      let threads = Int.random(in: 1...4, using: &generator)
      let chunk = Self.chunks.randomElement(using: &generator) ?? 1
      let order = Array(tree.tokens.indices).shuffled(using: &generator)
      let model = try TestModels.model(
        name, threads: threads, instructionSet: instructionSet, path: path, cacheFormat: format)
      #expect(
        try tree.logits(model, order: order, textChunk: chunk) == alone,
        "\(instructionSet), \(threads) threads, chunks of \(chunk), order \(order), \(tree)")
    }
  }

  private static let text: [TokenID] = {
    var generator = SeededGenerator(seed: 20)
    return (0..<150).map { _ in TokenID.random(in: 0..<1_024, using: &generator) }
  }()

  private static func expected(_ format: KeyValueFormat) throws -> [Float] {
    try (format == .float32 ? expectedOfFloats : expectedOfHalves).get()
  }

  private static let expectedOfFloats = Result { try readInOnePass(.float32) }
  private static let expectedOfHalves = Result { try readInOnePass(.float16) }

  /// Of one thread, the whole text in one pass.
  private static func readInOnePass(_ format: KeyValueFormat) throws -> [Float] {
    try TestModels.model("tiny-llama", threads: 1, cacheFormat: format)
      .logits(reading: text, inChunksOf: text.count)
  }
}
