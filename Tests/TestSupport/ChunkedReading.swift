import Llama
import Tensor

extension CausalLanguageModel {
  /// A cache that holds a text, read some tokens a pass.
  public func cache(reading text: [TokenID], inChunksOf size: Int) throws -> Cache {
    var cache = makeCache()
    try read(text, inChunksOf: size, into: &cache, logitsOf: { _ in [] }, then: { _ in })
    return cache
  }

  /// Logits after every token of a text that is read some tokens a pass.
  public func logits(reading text: [TokenID], inChunksOf size: Int) throws -> [Float] {
    var cache = makeCache()
    var logits: [Float] = []
    try read(
      text, inChunksOf: size, into: &cache, logitsOf: { Array(0..<$0) },
      then: { logits += $0.elements })
    return logits
  }

  private func read(
    _ text: [TokenID], inChunksOf size: Int, into cache: inout Cache,
    logitsOf rows: (Int) -> [Int], then take: (Matrix) -> Void
  ) throws {
    for start in stride(from: 0, to: text.count, by: size) {
      let tokens = Array(text[start..<min(start + size, text.count)])
      take(
        try forward(
          tokens: tokens, positions: Array(start..<start + tokens.count),
          mask: .causal(cachedCount: start, queries: tokens.count),
          logitRows: rows(tokens.count), cache: &cache))
      try cache.keep(newRows: Array(tokens.indices))
    }
  }
}
