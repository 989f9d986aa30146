import Llama

/// Drafts from one index of all that was seen: the prompt, the output, predictions of speculative
/// rows, texts of earlier runs. The longest match with the end of the text comes first.
///
/// A candidate is continued by what was seen after its own end, so that several n-grams can chain,
/// also of different origins.
public struct IndexDrafter: Drafter {
  private let sources: LookaheadConfiguration.PoolSources
  /// The texts of earlier runs alone; every text begins with it.
  private let earlier: ContinuationIndex
  private(set) var index: ContinuationIndex
  private(set) var record = AcceptanceRecord()
  /// The text up to where the index has filed it.
  private var filed: [TokenID] = []

  /// Proposals for one place at most.
  static let proposalLimit = 8
  /// The weight, in trials, of the record of a draft's kind beside its own.
  static let kindWeight = 6.0

  /// - Parameters:
  ///   - sources: what is filed.
  ///   - earlierTexts: texts of earlier runs, the oldest first, for the source `.file`.
  public init(sources: LookaheadConfiguration.PoolSources, earlierTexts: [[TokenID]] = []) {
    self.sources = sources
    var earlier = ContinuationIndex()
    if sources.contains(.file) {
      for text in earlierTexts { earlier.learn(text: text, from: 0, origin: .file) }
    }
    self.earlier = earlier
    index = earlier
  }

  /// Forgets the text before, unless the prompt continues it, as in a conversation: then only what is
  /// new is filed.
  public mutating func begin(prompt: [TokenID]) {
    let isContinued = !filed.isEmpty && prompt.starts(with: filed)
    if !isContinued {
      index = earlier
      record = AcceptanceRecord()
    }
    if sources.contains(.prompt) {
      index.learn(text: prompt, from: isContinued ? filed.count : 0, origin: .prompt)
    }
    filed = prompt
  }

  public func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
    let context = Array(text.suffix(ContinuationIndex.longestMatch))
    return CandidateTree(within: budget, proposals: { proposals(after: context + $0) })
  }

  /// What may follow a text, the likeliest first, with the probability that it is right.
  func proposals(after context: [TokenID]) -> [Proposal] {
    matches(after: context).scaledToOne()
  }

  /// What was seen after the end of a text, the longest match first, each with a probability of its own:
  /// together they may be above 1.
  func matches(after context: [TokenID]) -> [Proposal] {
    let context = context.suffix(ContinuationIndex.longestMatch)
    let found = index.entries(after: context, limit: IndexDrafter.proposalLimit)
    return found.enumerated().map { rank, match in
      let (entry, length) = (match.entry, match.matchLength)
      let kind = record.probability(origin: entry.origin, matchLength: length, rank: rank)
      // The draft's own record outweighs that of its kind once there are enough trials.
      return Proposal(
        token: entry.token, origin: entry.origin, matchLength: length, rank: rank,
        probability: entry.trials.probability(prior: kind, weight: IndexDrafter.kindWeight))
    }
  }

  public mutating func learn(from pass: DraftedPass) {
    for (context, token) in pass.acceptedInContext(length: ContinuationIndex.longestMatch) {
      judge(token, after: context)
    }
    for addition in additions(from: pass) {
      for token in addition.tokens {
        index.learn(token, after: addition.context, from: addition.origin)
      }
    }
    filed = pass.text
  }

  /// Sequences with entries.
  public var entryCount: Int? { index.count }

  /// The predictions of speculative rows, then the accepted tokens.
  public func additions(from pass: DraftedPass) -> [DraftAddition] {
    let longest = ContinuationIndex.longestMatch
    var additions: [DraftAddition] = []
    if sources.contains(.window) {
      let before = pass.text.dropLast(pass.acceptedCount + 1).suffix(longest)
      for prediction in pass.predictions {
        let context = (before + prediction.dropLast()).suffix(longest)
        additions.append(
          DraftAddition(context: Array(context), tokens: prediction.suffix(1), origin: .window))
      }
    }
    if sources.contains(.output) {
      for (context, token) in pass.acceptedInContext(length: longest) {
        additions.append(DraftAddition(context: context, tokens: [token], origin: .output))
      }
    }
    return additions
  }

  /// Counts which drafts for a place were right.
  private mutating func judge(_ token: TokenID, after context: [TokenID]) {
    for proposal in matches(after: context) {
      let isRight = proposal.token == token
      index.judge(
        proposal.token, after: context, matchLength: proposal.matchLength, isRight: isRight)
      record.judge(
        origin: proposal.origin, matchLength: proposal.matchLength, rank: proposal.rank,
        isRight: isRight)
    }
  }
}
