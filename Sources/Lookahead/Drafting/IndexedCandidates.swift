import Llama

/// Candidates from an index of everything seen, the longest match with the end of the text first.
///
/// A candidate goes on with whatever was seen after its own end, so that several n-grams can chain.
struct IndexedCandidates: CandidateSupply {
  private let sources: LookaheadConfiguration.PoolSources
  private let earlierTexts: [[TokenID]]
  private(set) var index = ContinuationIndex()
  private(set) var record = AcceptanceRecord()
  let tokensPerPass: Int
  let waitsForWindow = false

  /// Guesses for one place at the most.
  static let proposalLimit = 8
  /// How many trials the record of a guess's kind is worth beside its own.
  static let kindWeight = 6.0

  init(_ configuration: LookaheadConfiguration, earlierTexts: [[TokenID]]) {
    sources = configuration.poolSources
    self.earlierTexts = sources.contains(.file) ? earlierTexts : []
    tokensPerPass = configuration.ngramSize
  }

  mutating func begin(prompt: [TokenID]) {
    index = ContinuationIndex()
    record = AcceptanceRecord()
    for text in earlierTexts { index.learn(text: text, from: 0, source: .file) }
    if sources.contains(.prompt) { index.learn(text: prompt, from: 0, source: .prompt) }
  }

  func candidates(after text: [TokenID], within limits: CandidateTree.Limits) -> CandidateTree {
    CandidateTree(
      within: limits, after: Array(text.suffix(ContinuationIndex.longestMatch)),
      proposals: { proposals(after: $0) })
  }

  /// What may follow a text, with the probability that it is right.
  func proposals(after context: [TokenID]) -> [Proposal] {
    let found = index.entries(after: context, limit: IndexedCandidates.proposalLimit)
    let proposals = found.enumerated().map { rank, match in
      let (entry, length) = (match.entry, match.matchLength)
      let kind = record.probability(source: entry.source, matchLength: length, rank: rank)
      // The guess's own record outweighs that of its kind once there is some.
      let weight = IndexedCandidates.kindWeight
      let probability =
        (Double(entry.right) + weight * kind) / (Double(entry.tried) + weight)
      return Proposal(
        token: entry.token, source: entry.source, matchLength: length, rank: rank,
        probability: probability)
    }
    // Only one of them can be right.
    let sum = max(1, proposals.reduce(0) { $0 + $1.probability })
    return proposals.map { $0.scaled(by: 1 / sum) }.sorted {
      ($1.probability, $0.rank) < ($0.probability, $1.rank)
    }
  }

  mutating func learn(_ outcome: PassOutcome) {
    let text = outcome.text
    let start = text.count - outcome.settledCount
    for end in start..<text.count {
      let context = text[max(0, end - ContinuationIndex.longestMatch)..<end]
      judge(text[end], after: context)
    }
    for addition in additions(from: outcome) {
      for token in addition.tokens {
        index.learn(token, after: addition.after, from: addition.source)
      }
    }
  }

  /// Sequences that something is known of.
  var count: Int { index.count }

  /// The answers of the window and of candidates, then the settled tokens.
  func additions(from outcome: PassOutcome) -> [PoolAddition] {
    let (text, longest) = (outcome.text, ContinuationIndex.longestMatch)
    let start = text.count - outcome.settledCount
    var additions: [PoolAddition] = []
    if sources.contains(.window) {
      let before = text[..<max(0, start - 1)].suffix(longest)
      for answer in outcome.answers {
        let context = (before + answer.dropLast()).suffix(longest)
        additions.append(
          PoolAddition(after: Array(context), tokens: answer.suffix(1), source: .window))
      }
    }
    if sources.contains(.output) {
      for end in start..<text.count {
        let context = text[max(0, end - longest)..<end]
        additions.append(
          PoolAddition(after: Array(context), tokens: [text[end]], source: .output))
      }
    }
    return additions
  }

  /// Counts which guesses for a place were right.
  private mutating func judge(_ token: TokenID, after context: ArraySlice<TokenID>) {
    for proposal in proposals(after: Array(context)) {
      index.judge(
        proposal.token, after: context, matchLength: proposal.matchLength,
        isRight: proposal.token == token)
      record.judge(
        source: proposal.source, matchLength: proposal.matchLength, rank: proposal.rank,
        isRight: proposal.token == token)
    }
  }
}
