import Llama

/// The likeliest successors of each token, and of each pair of tokens, by the model's own logits.
///
/// A row of logits is filed under the last token that it attends to, and under the last two, whether
/// that token was accepted or not. A row that is there already becomes the mean of both, so that newer
/// logits count for more. Source: arXiv:2408.08696, where the newest row replaces the one before.
///
/// The table is bounded: see `TwoGenerations`.
struct SuccessorTable: Equatable, Sendable {
  /// A successor of a context.
  struct Successor: Equatable, Sendable {
    let token: TokenID
    /// Among the `width` likeliest of a row, in the mean of the rows filed under the context.
    let probability: Float
  }

  /// The likeliest successors of one context, the likeliest first; unused lanes hold -1 and 0.
  struct Row: Equatable, Sendable {
    var tokens = SIMD8<Int32>(repeating: -1)
    var probabilities = SIMD8<Float>()

    init(_ successors: some Collection<Successor>) {
      for (lane, successor) in successors.prefix(SuccessorTable.width).enumerated() {
        tokens[lane] = Int32(truncatingIfNeeded: successor.token)
        probabilities[lane] = successor.probability
      }
    }

    var successors: [Successor] {
      (0..<SuccessorTable.width).filter { tokens[$0] >= 0 }.map {
        Successor(token: TokenID(tokens[$0]), probability: probabilities[$0])
      }
    }

    /// The mean of two rows; a token that a row lacks has the probability 0 in it.
    func mean(with newer: Row) -> Row {
      var sums = successors.map { ($0.token, $0.probability / 2) }
      for successor in newer.successors {
        if let known = sums.firstIndex(where: { $0.0 == successor.token }) {
          sums[known].1 += successor.probability / 2
        } else {
          sums.append((successor.token, successor.probability / 2))
        }
      }
      return Row(
        sums.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map {
          Successor(token: $0.0, probability: $0.1)
        })
    }
  }

  /// Successors of a context.
  static let width = 8
  /// Tokens of a context at most.
  static let longestContext = 2
  /// Rows of one generation. Both together are below 8 MB in a file.
  static let generationLimit = 1 << 16
  /// Bytes of a row in memory: key and row in a dictionary that is at least half full.
  static let bytesPerRow = 2 * (8 + MemoryLayout<Row>.stride)

  /// By a hash of the context. Two contexts with one hash only cost a wrong draft.
  private(set) var rows: TwoGenerations<Row>
  /// Contexts filed since the table was made or read.
  private(set) var changed: Set<UInt64> = []

  /// A table as it was written; empty if nothing is given.
  init(young: [UInt64: Row] = [:], old: [UInt64: Row] = [:]) {
    rows = TwoGenerations(limit: Self.generationLimit, young: young, old: old)
  }

  var count: Int { rows.count }

  /// Files a row of logits under the ends of what it attends to.
  /// - Parameter context: the last tokens that the row attends to, its own token last.
  mutating func learn(
    _ successors: [Successor], after context: some BidirectionalCollection<TokenID>
  ) {
    let row = Row(successors)
    for key in Self.keys(of: context) { file(under: key) { $0?.mean(with: row) ?? row } }
  }

  /// The successors of the last `length` tokens of `context`; nil where nothing is known.
  func successors(
    after context: some BidirectionalCollection<TokenID>, length: Int
  ) -> [Successor]? {
    guard let key = Self.keys(of: context).dropFirst(length - 1).first else { return nil }
    return rows[key]?.successors
  }

  /// Takes over the rows that another table filed since it was read.
  mutating func merge(changesOf other: SuccessorTable) {
    for key in other.changed.sorted() {
      if let row = other.rows[key] { file(under: key) { _ in row } }
    }
  }

  private mutating func file(under key: UInt64, _ change: (Row?) -> Row) {
    rows.set(key, change)
    changed.insert(key)
  }

  /// The keys of the last token of `context`, and of its last two.
  private static func keys(of context: some BidirectionalCollection<TokenID>) -> [UInt64] {
    ContinuationIndex.keys(of: context.suffix(longestContext))
  }
}
