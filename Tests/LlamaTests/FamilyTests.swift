import Llama
import Tensor
import TestSupport
import Testing

/// Models of every family, twenty random shapes each: what transformers computes, and the contract of
/// docs/numerics.md.
struct FamilyTests {
  private static let cached = 9

  @Test(
    "Hidden states and logits are those of transformers, causally and under any mask",
    arguments: FamilyFixture.families, FamilyFixture.WeightFormat.allCases)
  func goldens(family: String, format: FamilyFixture.WeightFormat) throws {
    for fixture in try FamilyFixture.all(family) {
      let checkpoint = try fixture.checkpoint(format)
      let model = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 1))
      #expect(model.configuration.variant.family.rawValue == family)
      var cache = model.makeCache()
      let causal = try fixture.tokens.indices.map { $0 }
      let logits = try model.forward(
        tokens: fixture.tokens, positions: causal,
        mask: .causal(cachedCount: 0, queries: causal.count), logitRows: causal, cache: &cache
      ) { shown in
        let expected = try fixture.hidden(shown.layer)
        let size = expected.elements.reduce(1) { max($0, abs($1)) }
        #expect(
          largestDifference(shown.hidden, expected) <= 2e-5 * size,
          "\(fixture), layer \(shown.layer)")
      }
      let difference = largestDifference(logits, try fixture.logits("causal"))
      #expect(try difference <= fixture.tolerance("causal"), "\(fixture)")

      try Self.checkScattered(model, fixture)
    }
  }

  @Test(
    "A GGUF file of the family, with its own order and norms, has the logits of transformers",
    arguments: FamilyFixture.families.filter { $0 != "mistral" })
  func gguf(family: String) throws {
    let goldens = try SafetensorsReader(path: FixturePath.path("families/gguf.safetensors"))
    let tokens = try goldens.integers("\(family).tokens")
    let model = try TestModels.model("families/\(family).gguf")
    #expect(model.configuration.variant.family.rawValue == family)
    var cache = model.makeCache()
    let request = PassRequest(causal: tokens, cachedCount: 0, logitRows: Array(tokens.indices))
    let logits = try model.forward(request, cache: &cache)
    let expected = Matrix(
      rows: tokens.count, columns: model.vocabularySize,
      elements: try goldens.floats("\(family).logits"))
    #expect(largestDifference(logits, expected) <= 2e-5)
  }

  @Test("The model in Double has those logits too", arguments: FamilyFixture.families)
  func reference(family: String) throws {
    for fixture in try FamilyFixture.all(family) {
      try Self.checkScattered(ReferenceModel(fixture.checkpoint(.float32)), fixture)
    }
  }

  @Test(
    "A row alone, among others, in any order and uncached has the same logits",
    arguments: FamilyFixture.families)
  func rows(family: String) throws {
    for fixture in try FamilyFixture.all(family) {
      var generator = SeededGenerator(seed: UInt64(fixture.index))
      let checkpoint = try fixture.checkpoint(.float32)
      let alone = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 1))
      // Long enough for every window to have slid, short enough for LongRoPE's context of 64.
      let tree = TokenTree(
        vocabularySize: alone.vocabularySize, longestText: 24, mostRows: 10, &generator)
      for instructionSet in InstructionSet.available {
        let executor = Executor(threadCount: 2, instructionSet: instructionSet)
        let model = try LlamaModel(checkpoint, path: .exact, on: executor)
        let order = Array(tree.tokens.indices).shuffled(using: &generator)
        let together = try tree.logits(model, order: order, textChunk: 5)
        for row in tree.tokens.indices {
          #expect(
            try tree.logitsAlone(alone, row: row, textChunk: 7) == together[row], "\(fixture)")
          #expect(try tree.logitsUncached(alone, row: row) == together[row], "\(fixture)")
        }
      }
    }
  }

  /// Compares the logits of the rows behind the cached text.
  private static func checkScattered(
    _ model: some CausalLanguageModel, _ fixture: FamilyFixture
  ) throws {
    let (tokens, positions, sees) = (
      try fixture.tokens, try fixture.positions, try fixture.sees()
    )
    var cache = model.makeCache()
    let request = PassRequest(
      causal: Array(tokens.prefix(cached)), cachedCount: 0, logitRows: [])
    _ = try model.forward(request, cache: &cache)
    try cache.keep(newRows: Array(0..<cached))
    let rows = cached..<tokens.count
    let logits = try model.forward(
      tokens: Array(tokens[rows]), positions: Array(positions[rows]),
      mask: AttentionMask(
        cachedCount: cached, queries: rows.count, seesKey: { sees(cached + $0, $1) }),
      logitRows: Array(0..<rows.count), cache: &cache)
    let expected = try fixture.logits("scattered").selectingRows(Array(rows))
    #expect(
      try largestDifference(logits, expected) <= fixture.tolerance("scattered"), "\(fixture)")
  }
}
