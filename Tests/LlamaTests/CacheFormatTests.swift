import Llama
import Tensor
import TestSupport
import Testing

/// A model whose caches hold float16. Its contract is in ContractTests.swift.
struct CacheFormatTests {
  private static let text: [TokenID] = {
    var generator = SeededGenerator(seed: 40)
    return (0..<200).map { _ in TokenID.random(in: 0..<1_024, using: &generator) }
  }()

  @Test func `rounding keys and values changes the logits, but little`() throws {
    let float32 = try TestModels.tinyLlama.get().logits(reading: Self.text, inChunksOf: 64)
    let float16 = try TestModels.tinyLlamaFloat16.get().logits(reading: Self.text, inChunksOf: 64)
    let differences = zip(float32, float16).map { abs($0 - $1) }
    #expect(differences.contains { $0 > 1e-4 })
    #expect(differences.allSatisfy { $0 < 0.1 })
  }

  @Test func `a row sees its own key and value rounded, as it will when they are cached`() throws {
    let logits = try KeyValueFormat.allCases.map { format in
      let model = try TestModels.model("tiny-llama", cacheFormat: format)
      return try model.logits(reading: [7], inChunksOf: 1)
    }
    #expect(logits[0] != logits[1])
  }

  @Test func `a model takes the caches of its format, and refuses others`() throws {
    let (float32, float16) = (
      try TestModels.tinyLlama.get(), try TestModels.tinyLlamaFloat16.get()
    )
    for (model, other) in [(float32, float16), (float16, float32)] {
      var cache = model.makeCache()
      #expect(cache.format == model.cacheFormat)
      let pass = { (cache: inout KVCache) in
        try model.forward(
          tokens: [1], positions: [0], mask: .causal(cachedCount: 0, queries: 1), logitRows: [0],
          cache: &cache)
      }
      #expect(try pass(&cache).rows == 1)
      var otherCache = other.makeCache()
      #expect(throws: LlamaError.cacheOfOtherModel) { try pass(&otherCache) }
      #expect(otherCache.newPositions.isEmpty)
    }
  }
}
