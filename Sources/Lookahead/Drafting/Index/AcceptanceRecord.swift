/// How often drafts of each kind were right. The kind is the origin, the length of the match, and
/// the rank among the drafts for the same position.
///
/// Every accepted token counts for all drafts for its position, verified or not. The prior, measured
/// on chat texts, has the weight of `priorWeight` drafts:
///
///     probability = (right + priorWeight · prior) / (tried + priorWeight)
struct AcceptanceRecord: Sendable {
  private struct Kind: Hashable {
    let origin: DraftOrigin
    let matchLength: Int
    let rank: Int

    init(_ origin: DraftOrigin, _ matchLength: Int, _ rank: Int) {
      self.origin = origin
      self.matchLength = min(max(matchLength, 1), AcceptanceRecord.prior.count)
      self.rank = min(rank, AcceptanceRecord.rankFactor.count - 1)
    }

    var prior: Double {
      AcceptanceRecord.prior[matchLength - 1] * AcceptanceRecord.rankFactor[rank]
    }
  }

  static let priorWeight = 8.0
  /// The prior of the first draft by its match length, from 1.
  private static let prior = [0.25, 0.4, 0.5, 0.6]
  private static let rankFactor = [1, 0.4, 0.2, 0.1]

  private var counts: [Kind: TrialCount] = [:]

  /// The estimated probability that a draft of a kind is right.
  func probability(origin: DraftOrigin, matchLength: Int, rank: Int) -> Double {
    let kind = Kind(origin, matchLength, rank)
    return (counts[kind] ?? TrialCount())
      .probability(prior: kind.prior, weight: AcceptanceRecord.priorWeight)
  }

  mutating func judge(origin: DraftOrigin, matchLength: Int, rank: Int, isRight: Bool) {
    counts[Kind(origin, matchLength, rank), default: TrialCount()].judge(isRight: isRight)
  }
}
