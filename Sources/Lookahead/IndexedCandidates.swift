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
    var left = 1.0
    return found.enumerated().map { rank, match in
      let kind = record.probability(
        source: match.entry.source, matchLength: match.matchLength, rank: rank)
      // What is known of this very guess counts once there is some.
      let own = (Double(match.entry.right) + 2 * kind) / (Double(match.entry.tried) + 2)
      let probability = min(own, left)
      left -= probability
      return Proposal(
        token: match.entry.token, source: match.entry.source, matchLength: match.matchLength,
        rank: rank, probability: probability)
    }
  }

  mutating func learn(_ outcome: PassOutcome) {
    let text = outcome.text
    let start = text.count - outcome.settledCount
    for end in start..<text.count {
      let context = text[max(0, end - ContinuationIndex.longestMatch)..<end]
      judge(text[end], after: context)
    }
    if sources.contains(.window) {
      let before = text[..<max(0, start - 1)].suffix(ContinuationIndex.longestMatch)
      for answer in outcome.answers {
        guard let last = answer.last else { continue }
        index.learn(last, after: before + answer.dropLast(), from: .window)
      }
    }
    if sources.contains(.output) { index.learn(text: text, from: start, source: .output) }
  }

  /// Counts which guesses for a place were right.
  private mutating func judge(_ token: TokenID, after context: ArraySlice<TokenID>) {
    for proposal in proposals(after: Array(context)) {
      record.judge(
        source: proposal.source, matchLength: proposal.matchLength, rank: proposal.rank,
        isRight: proposal.token == token)
    }
  }
}
