/// How far the next-token distributions of two tensors of logits are apart.
public struct DistributionSummary: Encodable, Sendable {
  /// The largest k whose agreement is counted.
  public let topK: Int
  public private(set) var rows = 0
  /// The mean Kullback-Leibler divergence of B from A, in nats; the largest `Double` where that of a
  /// row is infinite, as JSON has no infinity.
  public private(set) var meanDivergence = 0.0
  public private(set) var largestDivergence = 0.0
  /// Rows whose most probable token is the same.
  public private(set) var sameTop = 0
  /// For k = 1 … `topK`, the mean share of A's k most probable tokens that are among B's; of the
  /// rows that list as many.
  public private(set) var topShares: [Double] = []
  /// Rows whose k most probable tokens are the same set.
  public private(set) var sameTopK = 0
  /// The worst place that B's most probable token has in A, from 1.
  public private(set) var worstRankInA = 1
  /// The worst place that A's most probable token has in B, from 1.
  public private(set) var worstRankInB = 1
  /// Rows in which the most probable token of one side is not listed by the other.
  public private(set) var unlisted = 0

  private var divergences = 0
  private var sumOfDivergences = 0.0
  private var shares: [(sum: Double, rows: Int)] = []

  private enum CodingKeys: String, CodingKey {
    case topK, rows, meanDivergence, largestDivergence, sameTop, topShares, sameTopK
    case worstRankInA, worstRankInB, unlisted
  }

  init(topK: Int) { self.topK = topK }

  mutating func add(_ row: DistributionFigures) {
    rows += 1
    if let divergence = row.divergence {
      divergences += 1
      sumOfDivergences += divergence
      meanDivergence = TensorFigures.finite(sumOfDivergences / Double(divergences))
      largestDivergence = max(largestDivergence, TensorFigures.finite(divergence))
    }
    if row.topAgrees { sameTop += 1 }
    if row.topShares.last ?? 1 == 1 { sameTopK += 1 }
    for (index, share) in row.topShares.enumerated() {
      if index == shares.count { shares.append((0, 0)) }
      shares[index].sum += share
      shares[index].rows += 1
    }
    topShares = shares.map { $0.sum / Double($0.rows) }
    worstRankInA = max(worstRankInA, row.rankInA ?? 1)
    worstRankInB = max(worstRankInB, row.rankInB ?? 1)
    if row.rankInA == nil || row.rankInB == nil { unlisted += 1 }
  }
}
