import Llama

/// Drafts as in the paper (arXiv:2402.02057, section 3.2), for `LookaheadConfiguration.Policy.paper`:
/// the n-grams of the pool that begin with the current token, oldest first, each with rows of its own.
///
/// The pool contains n-grams of the window only. With this drafter, `LookaheadDecoder` runs the passes
/// of `TextbookLookahead`.
struct PaperDrafter: Drafter {
  private let configuration: LookaheadConfiguration
  private(set) var pool: NGramPool
  private var record = AcceptanceRecord()

  init(_ configuration: LookaheadConfiguration) {
    self.configuration = configuration
    pool = NGramPool(configuration)
  }

  mutating func begin(prompt: [TokenID]) { pool = NGramPool(configuration) }

  func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
    var tree = CandidateTree()
    guard let current = text.last else { return tree }
    for (rank, continuation) in pool.continuations(of: current).enumerated() {
      var parent: Int?
      for (depth, token) in continuation.tokens.prefix(budget.length).enumerated() {
        parent = tree.append(
          token, to: parent, origin: continuation.origin,
          probability: record.probability(
            origin: continuation.origin, matchLength: depth + 1, rank: rank))
      }
    }
    return tree
  }

  var entryCount: Int? { pool.count }

  func additions(from pass: DraftedPass) -> [DraftAddition] {
    pass.ngrams.map { DraftAddition(ngram: $0, origin: .window) }
  }

  mutating func learn(from pass: DraftedPass) {
    judge(pass)
    insert(additions(from: pass))
  }

  mutating func insert(_ ngrams: [DraftAddition]) {
    for ngram in ngrams { pool.insert(ngram.context + ngram.tokens, origin: ngram.origin) }
  }

  /// Counts which drafts for the accepted tokens were right.
  mutating func judge(_ pass: DraftedPass) {
    guard let current = pass.text.dropLast(pass.acceptedCount).last else { return }
    for (rank, continuation) in pool.continuations(of: current).enumerated() {
      for (depth, pair) in zip(continuation.tokens, pass.accepted).enumerated() {
        let isRight = pair.0 == pair.1
        record.judge(
          origin: continuation.origin, matchLength: depth + 1, rank: rank, isRight: isRight)
        if !isRight { break }
      }
    }
  }
}

extension DraftAddition {
  /// An n-gram: its first token is the context.
  init(ngram: [TokenID], origin: DraftOrigin) {
    self.init(context: Array(ngram.prefix(1)), tokens: Array(ngram.dropFirst()), origin: origin)
  }
}
