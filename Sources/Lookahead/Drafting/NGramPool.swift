import Llama

/// The n-gram pool: for each token the n-grams that began with it, the most recently made last.
///
/// At most G are stored for each first token; a new one replaces the one not made for longest. Being
/// looked up or accepted does not count as being made. Source: lade decoding.py:37 @eed010d.
struct NGramPool: Sendable {
  /// What has followed a first token.
  struct Continuation: Equatable, Sendable {
    /// N - 1 tokens.
    let tokens: [TokenID]
    /// Where it was made, the last time.
    let origin: DraftOrigin
  }

  private let ngramSize: Int
  private let capacity: Int
  private var continuations: [TokenID: [Continuation]] = [:]

  init(_ configuration: LookaheadConfiguration) {
    ngramSize = configuration.ngramSize
    capacity = configuration.candidatesPerToken
  }

  /// N-grams in the pool.
  var count: Int { continuations.values.reduce(0) { $0 + $1.count } }

  /// What has followed `token`: up to G continuations, the oldest first.
  func continuations(of token: TokenID) -> [Continuation] { continuations[token] ?? [] }

  /// Files an n-gram under its first token.
  /// - Precondition: it has `ngramSize` tokens.
  mutating func insert(_ ngram: [TokenID], origin: DraftOrigin) {
    precondition(ngram.count == ngramSize, "an n-gram of \(ngram.count) tokens, N = \(ngramSize)")
    guard capacity > 0 else { return }
    let made = Continuation(tokens: Array(ngram.dropFirst()), origin: origin)
    var known = continuations[ngram[0]] ?? []
    if let index = known.firstIndex(where: { $0.tokens == made.tokens }) {
      known.remove(at: index)
    } else if known.count == capacity {
      known.removeFirst()
    }
    known.append(made)
    continuations[ngram[0]] = known
  }
}
