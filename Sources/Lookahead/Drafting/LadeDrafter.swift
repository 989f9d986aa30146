import Llama

/// Drafts as lade has them (hao-ai-lab/LookaheadDecoding @eed010d), its mistakes included, so that its
/// runs can be followed pass by pass: `LookaheadConfiguration.Policy.lade`.
///
/// All n-grams of the pool that begin with the current token, the oldest first, each with rows of its
/// own, once the window is warm.
struct LadeDrafter: Drafter {
  private let configuration: LookaheadConfiguration
  private(set) var pool: NGramPool
  private var record = AcceptanceRecord()
  /// lade's own record of the text: of a pass of several tokens the last one several times.
  private var history: [TokenID] = []
  private var isWarmingUp = false

  init(_ configuration: LookaheadConfiguration) {
    self.configuration = configuration
    pool = NGramPool(configuration)
  }

  mutating func begin(prompt: [TokenID]) {
    let size = configuration.ngramSize
    pool = NGramPool(configuration)
    history = prompt
    isWarmingUp = false
    guard configuration.poolSources.contains(.prompt), prompt.count >= size else { return }
    for start in 0...prompt.count - size {
      pool.insert(Array(prompt[start..<start + size]), origin: .prompt)
    }
  }

  func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
    var tree = CandidateTree()
    guard let current = text.last, !isWarmingUp else { return tree }
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

  /// N-grams.
  var entryCount: Int? { pool.count }

  func additions(from pass: DraftedPass) -> [DraftAddition] {
    var additions = pass.ngrams.map { DraftAddition(ngram: $0, origin: .window) }
    guard configuration.poolSources.contains(.output) else { return additions }
    let repeated = Array(repeating: pass.text.suffix(1), count: pass.acceptedCount).joined()
    let history = self.history.suffix(configuration.ngramSize - 1) + repeated
    for end in history.indices.suffix(pass.acceptedCount)
    where end - history.startIndex >= configuration.ngramSize - 1 {
      let ngram = history[(end - configuration.ngramSize + 1)...end]
      additions.append(DraftAddition(ngram: Array(ngram), origin: .output))
    }
    return additions
  }

  mutating func learn(from pass: DraftedPass) {
    judge(pass)
    for addition in additions(from: pass) {
      pool.insert(addition.context + addition.tokens, origin: addition.origin)
    }
    for _ in 0..<pass.acceptedCount { history += pass.text.suffix(1) }
    isWarmingUp = pass.isWarmingUp
  }

  /// Counts which drafts for the accepted tokens were right.
  private mutating func judge(_ pass: DraftedPass) {
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
  /// An n-gram, filed under its first token.
  init(ngram: [TokenID], origin: DraftOrigin) {
    self.init(context: Array(ngram.prefix(1)), tokens: Array(ngram.dropFirst()), origin: origin)
  }
}
