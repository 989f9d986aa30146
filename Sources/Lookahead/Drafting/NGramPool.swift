import Llama

/// The n-gram pool: for each token the n-grams that began with it, the most recently made last.
///
/// At most G are kept for each first token; a new one pushes out the one not made for longest. Being
/// looked up or accepted does not count as being made. Source: lade decoding.py:37 @eed010d.
public struct NGramPool: Sendable {
  private let ngramSize: Int
  private let capacity: Int
  private var continuations: [TokenID: [[TokenID]]] = [:]

  /// An empty pool.
  init(_ configuration: LookaheadConfiguration) {
    ngramSize = configuration.ngramSize
    capacity = configuration.candidatesPerToken
  }

  /// N-grams in the pool.
  public var count: Int { continuations.values.reduce(0) { $0 + $1.count } }

  /// What has followed `token`: up to G continuations of N - 1 tokens, the oldest first.
  public func candidates(after token: TokenID) -> [[TokenID]] {
    continuations[token] ?? []
  }

  /// Files an n-gram under its first token.
  /// - Precondition: it has `ngramSize` tokens.
  mutating func insert(_ ngram: [TokenID]) {
    precondition(ngram.count == ngramSize, "an n-gram of \(ngram.count) tokens, N = \(ngramSize)")
    guard capacity > 0 else { return }
    let continuation = Array(ngram.dropFirst())
    var known = continuations[ngram[0]] ?? []
    if let index = known.firstIndex(of: continuation) {
      known.remove(at: index)
    } else if known.count == capacity {
      known.removeFirst()
    }
    known.append(continuation)
    continuations[ngram[0]] = known
  }

  /// Files every n-gram of a text that ends at or after `start`.
  mutating func insertNGrams(of text: [TokenID], endingFrom start: Int) {
    for end in max(start, ngramSize - 1)..<max(start, ngramSize - 1, text.count) {
      insert(Array(text[(end - ngramSize + 1)...end]))
    }
  }
}
