import Foundation
import Tensor
import TestSupport
import Testing

@testable import Llama

@Suite struct LlamaModelTests {
  /// Largest allowed difference from transformers' float32 results, hidden states and logits.
  static let tolerance: Float = 1e-4
  static let folders = [
    "tiny-llama", "tiny-sentencepiece", "tiny-llama3", "tiny-bf16-shards", "tiny-f16",
  ]
  static let ggufFiles = [
    "quantised-f32", "quantised-f16", "quantised-bf16", "quantised-q8_0", "quantised-q4_0",
    "quantised-q4_1", "quantised-q5_0", "quantised-q5_1", "quantised-k", "quantised-small",
    "sentencepiece", "llama3",
  ]
  static let cases = ["causal", "lookahead", "scattered", "scattered-cached"]

  @Test(
    "Hidden states and logits are those of transformers, under any mask and at any positions",
    arguments: folders, cases)
  func goldens(folder: String, name: String) throws {
    let golden = try ForwardGolden(folder: folder, name: name)
    for path in MatrixProductPath.allCases {
      let model = try TestModels.model(folder, path: path)
      var cache = try golden.filledCache(model)
      var worstHidden: Float = 0
      let logits = try model.forward(
        tokens: golden.tokens, positions: golden.positions, mask: golden.mask,
        logitRows: Array(golden.tokens.indices), cache: &cache
      ) { shown in
        worstHidden = max(
          worstHidden, largestDifference(shown.hidden, try golden.hidden(shown.layer)))
      }
      #expect(worstHidden <= Self.tolerance)
      #expect(largestDifference(logits, try golden.logits) <= Self.tolerance)
    }
  }

  @Test(
    "A GGUF file of any format gives the logits of its decoded weights",
    arguments: ggufFiles)
  func ggufGoldens(name: String) throws {
    let file = try SafetensorsReader(path: FixturePath.path("golden/gguf/logits.safetensors"))
    let model = try TestModels.model("gguf/\(name).gguf")
    let tokens = try file.integers(name + ".tokens")
    var cache = model.makeCache()
    let logits = try model.forward(
      tokens: tokens, positions: Array(tokens.indices),
      mask: .causal(cachedCount: 0, queries: tokens.count), logitRows: Array(tokens.indices),
      cache: &cache)
    let expected = Matrix(
      rows: tokens.count, columns: model.vocabularySize,
      elements: try file.floats(name + ".logits"))
    #expect(largestDifference(logits, expected) <= Self.tolerance)
  }

  @Test(
    "A row's logits depend on what it sees alone: not on other rows, their order, or the cache",
    arguments: 0..<20)
  func rowsAreIndependent(seed: Int) throws {
    let model = try TestModels.tinyLlama.get()
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 2...40, using: &generator)
    let tokens = (0..<count).map { _ in Int.random(in: 0..<1_024, using: &generator) }
    let positions = Array(0..<300).shuffled(using: &generator).prefix(count).map { $0 }
    let seen = (0..<count).map { query in
      (0..<count).map { $0 == query || Bool.random(using: &generator) }
    }
    let pass = { (order: [Int]) -> Matrix in
      var cache = model.makeCache()
      let logits = try model.forward(
        tokens: order.map { tokens[$0] }, positions: order.map { positions[$0] },
        mask: AttentionMask(
          cachedCount: 0, queries: count, seesRow: { seen[order[$0]][order[$1]] }),
        logitRows: Array(0..<count), cache: &cache)
      var rowOf = [Int](repeating: 0, count: count)
      for (row, original) in order.enumerated() { rowOf[original] = row }
      return logits.selectingRows(rowOf)
    }
    let inOrder = try pass(Array(0..<count))
    #expect(try pass(Array(0..<count).shuffled(using: &generator)) == inOrder)
    // Logits of some rows only.
    var cache = model.makeCache()
    let some = [count - 1, 0]
    let chosen = try model.forward(
      tokens: tokens, positions: positions,
      mask: AttentionMask(cachedCount: 0, queries: count, seesRow: { seen[$0][$1] }),
      logitRows: some, cache: &cache)
    #expect(chosen == inOrder.selectingRows(some))
  }

  @Test("Keys kept out of order give the bits of the same text read in order")
  func keptOutOfOrder() throws {
    let model = try TestModels.tinyLlama.get()
    let tokens = [5, 300, 7, 999]
    var straight = model.makeCache()
    _ = try model.forward(
      tokens: tokens, positions: [0, 1, 2, 3], mask: .causal(cachedCount: 0, queries: 4),
      logitRows: [], cache: &straight)
    try straight.keep(newRows: [0, 1, 2, 3])
    // The same rows among strangers and in another order.
    let order = [2, 0, 3, 1]
    var scattered = model.makeCache()
    _ = try model.forward(
      tokens: [11] + order.map { tokens[$0] }, positions: [9] + order,
      mask: AttentionMask(
        cachedCount: 0, queries: 5,
        seesRow: { query, key in
          query == key || (query > 0 && key > 0 && order[key - 1] <= order[query - 1])
        }), logitRows: [], cache: &scattered)
    try scattered.keep(newRows: [2, 4, 1, 3])
    let next = { (cache: KVCache) -> Matrix in
      var cache = cache
      return try model.forward(
        tokens: [42], positions: [4], mask: .causal(cachedCount: 4, queries: 1), logitRows: [0],
        cache: &cache)
    }
    #expect(scattered.positions == [0, 1, 2, 3])
    #expect(try next(scattered) == next(straight))
  }

  @Test("A pass that does not fit is refused with a sentence and changes nothing")
  func refusals() throws {
    let model = try TestModels.tinyLlama.get()
    var cache = model.makeCache()
    let causal = { AttentionMask.causal(cachedCount: 0, queries: $0) }
    func refusal(
      _ tokens: [Int], _ positions: [Int], _ mask: AttentionMask, _ rows: [Int] = []
    ) -> LlamaError? {
      #expect(throws: LlamaError.self) {
        try model.forward(
          tokens: tokens, positions: positions, mask: mask, logitRows: rows, cache: &cache)
      }
    }
    #expect(
      refusal([1_024], [0], causal(1)) == .unknownToken(id: 1_024, vocabularySize: 1_024))
    #expect(refusal([-1], [0], causal(1)) == .unknownToken(id: -1, vocabularySize: 1_024))
    #expect(
      refusal([1], [1_024], causal(1)) == .positionOutOfRange(position: 1_024, contextLength: 1_024)
    )
    #expect(
      refusal([1, 2], [0], causal(2)) == .unequalCounts(tokens: 2, positions: 1, maskQueries: 2))
    #expect(
      refusal([1], [0], .causal(cachedCount: 3, queries: 1))
        == .maskForOtherCache(expectedCached: 0, foundCached: 3))
    #expect(
      refusal([1], [0], AttentionMask(cachedCount: 0, queries: 1, seesRow: { _, _ in false }))
        == .queryWithoutKeys(row: 0))
    #expect(refusal([1], [0], causal(1), [1]) == .logitRowOutOfRange(row: 1, rows: 1))
    #expect(cache.count == 0)
    #expect(throws: LlamaError.keptRowOutOfRange(row: 0, rows: 0)) { try cache.keep(newRows: [0]) }
    var other = try TestModels.model("tiny-f16").makeCache()
    #expect(throws: LlamaError.cacheOfOtherModel) {
      try model.forward(
        tokens: [1], positions: [0], mask: causal(1), logitRows: [], cache: &other)
    }
  }
}
