import Llama

/// Drafts from the index of the text and from the successors that a `DraftMemory` keeps.
///
/// Each draft for a place is judged by all sources that know the place; `LogisticMix` makes one
/// probability of what they say.
struct LearningDrafter: Drafter {
  private var index: IndexDrafter
  private(set) var learnt: DraftMemory

  init(_ index: IndexDrafter, memory: DraftMemory) {
    self.index = index
    learnt = memory
  }

  var memory: DraftMemory? { learnt }
  var entryCount: Int? { index.entryCount }

  mutating func begin(prompt: [TokenID]) { index.begin(prompt: prompt) }

  func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
    let context = Array(text.suffix(ContinuationIndex.longestMatch))
    return CandidateTree(within: budget, proposals: { proposals(after: context + $0) })
  }

  func additions(from pass: DraftedPass) -> [DraftAddition] { index.additions(from: pass) }

  mutating func learn(from pass: DraftedPass) {
    for (context, token) in pass.acceptedInContext(length: ContinuationIndex.longestMatch) {
      judge(token, after: context)
    }
    index.learn(from: pass)
    for (context, successors) in pass.successors {
      learnt.successors.learn(successors, after: context)
    }
  }

  /// What may follow a text, the likeliest first, with the probability that it is right.
  func proposals(after context: [TokenID]) -> [Proposal] {
    drafts(after: context).map(\.proposal).likeliestFirst()
  }

  /// A draft and what is known of it.
  private struct Draft {
    let proposal: Proposal
    let evidence: DraftEvidence
    /// The kinds of drafts that its outcome is counted for.
    let kinds: [EvidenceRecord.Kind]
  }

  private func drafts(after context: [TokenID]) -> [Draft] {
    let matches = index.matches(after: context)
    let one = learnt.successors.successors(after: context, length: 1)
    let two = learnt.successors.successors(after: context, length: 2)
    var evidence = DraftEvidence()
    evidence.matchLength = matches.first?.matchLength ?? 0
    (evidence.knowsOne, evidence.knowsTwo) = (one != nil, two != nil)

    var proposals = matches
    for successor in (two ?? []) + (one ?? [])
    where !proposals.contains(where: { $0.token == successor.token }) {
      proposals.append(
        Proposal(
          token: successor.token, origin: .successors, matchLength: 0, rank: proposals.count,
          probability: 0))
    }
    return proposals.enumerated().map { place, proposal in
      var (evidence, proposal) = (evidence, proposal)
      var kinds: [EvidenceRecord.Kind] = []
      func logOdds(_ kind: EvidenceRecord.Kind) -> Double {
        kinds.append(kind)
        return LogOdds.of(learnt.record.probability(of: kind))
      }
      if place < matches.count {
        evidence.logOdds[0] = LogOdds.of(proposal.probability)
      } else if evidence.matchLength > 0 {
        evidence.logOdds[0] = logOdds(.notIndexed(matchLength: evidence.matchLength))
      }
      for (length, successors) in [(1, one), (2, two)] {
        guard let successors else { continue }
        let known = successors.first { $0.token == proposal.token }
        evidence.logOdds[length] = logOdds(
          known.map { .listed(context: length, probability: $0.probability) }
            ?? .unlisted(context: length))
      }
      // The mix does not know the origin.
      let mixed = EvidenceRecord.Kind.mixed(
        proposal.origin, probability: learnt.mix.probability(evidence))
      proposal.probability = learnt.record.probability(of: mixed)
      kinds.append(mixed)
      return Draft(proposal: proposal, evidence: evidence, kinds: kinds)
    }
  }

  /// Learns from which drafts for a place were right.
  private mutating func judge(_ token: TokenID, after context: [TokenID]) {
    for draft in drafts(after: context) {
      let isRight = draft.proposal.token == token
      for kind in draft.kinds { learnt.record.judge(kind, isRight: isRight) }
      learnt.mix.learn(draft.evidence, isRight: isRight)
    }
  }
}
