import Llama
import Tensor

/// A cached text and a pass over it whose tokens, positions and mask are drawn at random.
public struct RandomPass: Sendable {
  private let cached: [TokenID]
  private let tokens: [TokenID]
  private let positions: [Int]
  private let mask: AttentionMask

  /// A pass of 2 to 20 rows over a cache of up to 20 tokens; every row sees itself at least.
  public init(
    vocabularySize: Int, contextLength: Int, _ generator: inout SeededGenerator
  ) {
    let random = { (count: Int, generator: inout SeededGenerator) in
      (0..<count).map { _ in TokenID.random(in: 0..<vocabularySize, using: &generator) }
    }
    let cachedCount = Int.random(in: 0...20, using: &generator)
    let rows = Int.random(in: 2...20, using: &generator)
    cached = random(cachedCount, &generator)
    tokens = random(rows, &generator)
    // Any order, gaps, and some position twice.
    positions = (0..<rows).map { _ in
      Int.random(in: 0..<min(contextLength, 3 * rows + cachedCount), using: &generator)
    }
    let seen = (0..<rows).map { row in
      (0..<cachedCount + rows).map { $0 == cachedCount + row || Bool.random(using: &generator) }
    }
    mask = AttentionMask(cachedCount: cachedCount, queries: rows, seesKey: { seen[$0][$1] })
  }

  /// Logits of all rows.
  public func logits(_ model: some CausalLanguageModel) throws -> Matrix {
    var cache = model.makeCache()
    let read = Array(cached.indices)
    _ = try model.forward(
      tokens: cached, positions: read, mask: .causal(cachedCount: 0, queries: cached.count),
      logitRows: [], cache: &cache)
    try cache.keep(newRows: read)
    return try model.forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: Array(tokens.indices),
      cache: &cache)
  }
}
