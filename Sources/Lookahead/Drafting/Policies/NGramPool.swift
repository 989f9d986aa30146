import Llama

/// The n-gram pool: for each token the n-grams that begin with it, in the order of their last
/// insertion.
///
/// At most G are stored for each first token; a new one replaces the one inserted longest ago. Looking
/// one up or accepting it does not change the order. Source: lade decoding.py:37 @eed010d.
struct NGramPool: Sendable {
  /// An n-gram without its first token.
  struct Continuation: Equatable, Sendable {
    /// N - 1 tokens.
    let tokens: [TokenID]
    /// Of the last insertion.
    let origin: DraftOrigin
  }

  private let ngramSize: Int
  private let capacity: Int
  private var continuations: [TokenID: [Continuation]] = [:]

  init(_ configuration: LookaheadConfiguration) {
    ngramSize = configuration.ngramSize
    capacity = configuration.candidatesPerToken
  }

  var count: Int { continuations.values.reduce(0) { $0 + $1.count } }

  /// Up to G continuations, oldest first.
  func continuations(of token: TokenID) -> [Continuation] { continuations[token] ?? [] }

  /// - Precondition: the n-gram has `ngramSize` tokens.
  mutating func insert(_ ngram: [TokenID], origin: DraftOrigin) {
    precondition(ngram.count == ngramSize, "an n-gram of \(ngram.count) tokens, N = \(ngramSize)")
    guard capacity > 0 else { return }
    let inserted = Continuation(tokens: Array(ngram.dropFirst()), origin: origin)
    var known = continuations[ngram[0]] ?? []
    if let index = known.firstIndex(where: { $0.tokens == inserted.tokens }) {
      known.remove(at: index)
    } else if known.count == capacity {
      known.removeFirst()
    }
    known.append(inserted)
    continuations[ngram[0]] = known
  }
}
