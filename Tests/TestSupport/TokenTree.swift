import Llama
import Tensor

/// A text and a tree of further tokens: every row continues the text or an earlier row.
///
/// A row attends to the text and the rows from the root to itself. So its logits must have the same
/// bits in one pass with all others, in any order, and alone after its own branch.
public struct TokenTree: Sendable, CustomStringConvertible {
  /// The text before the tree, at positions from 0.
  public let text: [TokenID]
  /// The rows' tokens.
  public let tokens: [TokenID]
  private let positions: [Int]
  private let parents: [Int?]

  /// A random tree, in which positions may be left out.
  /// - Parameters:
  ///   - longestText: the most tokens before the tree; the fewest are none.
  ///   - mostRows: the most rows; the fewest are two.
  public init(
    vocabularySize: Int, longestText: Int, mostRows: Int, _ generator: inout SeededGenerator
  ) {
    text = (0..<Int.random(in: 0...longestText, using: &generator)).map { _ in
      TokenID.random(in: 0..<vocabularySize, using: &generator)
    }
    let rows = Int.random(in: 2...mostRows, using: &generator)
    tokens = (0..<rows).map { _ in TokenID.random(in: 0..<vocabularySize, using: &generator) }
    var parents: [Int?] = []
    var positions: [Int] = []
    for row in 0..<rows {
      // Near rows are likelier parents, so that some branches are long.
      let parent = row - Int.random(in: 1...4, using: &generator)
      parents.append(parent < 0 ? nil : parent)
      let before = parent < 0 ? text.count - 1 : positions[parent]
      positions.append(before + Int.random(in: 1...3, using: &generator))
    }
    (self.parents, self.positions) = (parents, positions)
  }

  /// The rows that a row attends to, from the root to itself.
  private func branch(to row: Int) -> [Int] {
    var branch = [row]
    while let parent = parents[branch[0]] { branch.insert(parent, at: 0) }
    return branch
  }

  /// Logits of all rows, by row, from one pass that has the rows in another order.
  public func logits(
    _ model: some CausalLanguageModel, order: [Int], textChunk: Int
  ) throws -> [[Float]] {
    var cache = try model.cache(reading: text, inChunksOf: textChunk)
    let branches = tokens.indices.map { Set(branch(to: $0)) }
    let logits = try model.forward(
      tokens: order.map { tokens[$0] }, positions: order.map { positions[$0] },
      mask: AttentionMask(
        cachedCount: text.count, queries: order.count,
        seesRow: { branches[order[$0]].contains(order[$1]) }),
      logitRows: Array(order.indices), cache: &cache)
    return tokens.indices.map { row in
      order.firstIndex(of: row).map { Array(logits.row($0)) } ?? []
    }
  }

  /// Logits of one row alone: all that it attends to was cached before, one token per pass.
  public func logitsAlone(
    _ model: some CausalLanguageModel, row: Int, textChunk: Int
  ) throws -> [Float] {
    var cache = try model.cache(reading: text, inChunksOf: textChunk)
    var logits: [Float] = []
    for (depth, key) in branch(to: row).enumerated() {
      logits = try model.forward(
        tokens: [tokens[key]], positions: [positions[key]],
        mask: .causal(cachedCount: text.count + depth, queries: 1), logitRows: [0], cache: &cache
      ).elements
      try cache.keep(newRows: [0])
    }
    return logits
  }

  /// Logits of one row from a pass over the text and its branch, in which nothing is cached.
  public func logitsUncached(_ model: some CausalLanguageModel, row: Int) throws -> [Float] {
    let branch = branch(to: row)
    var cache = model.makeCache()
    return try model.forward(
      tokens: text + branch.map { tokens[$0] },
      positions: Array(text.indices) + branch.map { positions[$0] },
      mask: .causal(cachedCount: 0, queries: text.count + branch.count),
      logitRows: [text.count + branch.count - 1], cache: &cache
    ).elements
  }

  /// The tree in words, for a failing test.
  public var description: String {
    "text \(text), rows \(tokens) at \(positions) after \(parents.map { $0.map(String.init) ?? "text" })"
  }
}
