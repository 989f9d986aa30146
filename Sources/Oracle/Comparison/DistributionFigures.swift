import Foundation

/// How far the next-token distributions of a row of logits are apart in A and in B.
struct DistributionFigures {
  /// `Σ p_A · (log p_A - log p_B)` in nats, over the tokens that both sides list and one event for
  /// all others; infinite where B rules out what A does not, nil where a logit is NaN.
  let divergence: Double?
  /// Whether the most probable token is the same, the lowest id of equal ones.
  let topAgrees: Bool
  /// For k = 1, 2, …, the share of the k most probable tokens of A that are among those of B; as
  /// many as both sides list.
  let topShares: [Double]
  /// The place of B's most probable token in A, from 1; nil where A does not list it.
  let rankInA: Int?
  /// The place of A's most probable token in B, from 1; nil where B does not list it.
  let rankInB: Int?

  /// - Parameter paired: the same rows value by value.
  init(_ rowA: RecordedRow, _ rowB: RecordedRow, paired: PairedRow, topK: Int) {
    let (topA, topB) = (Self.top(rowA, topK), Self.top(rowB, topK))
    topAgrees = topA.first == topB.first
    var (seenA, seenB, common): (Set<Int>, Set<Int>, Int) = ([], [], 0)
    topShares = zip(topA, topB).enumerated().map { index, tokens in
      seenA.insert(tokens.0)
      seenB.insert(tokens.1)
      common += tokens.0 == tokens.1 ? 1 : 0
      if tokens.0 != tokens.1 {
        common += (seenB.contains(tokens.0) ? 1 : 0) + (seenA.contains(tokens.1) ? 1 : 0)
      }
      return Double(common) / Double(index + 1)
    }
    rankInA = topB.first.flatMap { Self.rank(of: $0, in: rowA) }
    rankInB = topA.first.flatMap { Self.rank(of: $0, in: rowB) }
    divergence = Self.divergence(
      paired, areLogProbabilities: rowA.isLogProbability || rowB.isLogProbability)
  }

  /// The columns of the largest values, largest first, the lower column first of equal ones.
  private static func top(_ row: RecordedRow, _ count: Int) -> [Int] {
    var best: [Int] = []
    for (index, value) in row.values.enumerated() where !value.isNaN {
      if best.count == count, let last = best.last, !(value > row.values[last]) { continue }
      let place = best.firstIndex { value > row.values[$0] } ?? best.count
      best.insert(index, at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { row.columns?[$0] ?? $0 }
  }

  /// The place of a column among the values of a row.
  private static func rank(of column: Int, in row: RecordedRow) -> Int? {
    let index = row.columns.map { $0.firstIndex(of: column) } ?? column
    guard let index, row.values.indices.contains(index), !row.values[index].isNaN else {
      return nil
    }
    let value = row.values[index]
    return 1
      + row.values.enumerated().count {
        $0.element > value || $0.element == value && $0.offset < index
      }
  }

  private static func divergence(_ row: PairedRow, areLogProbabilities: Bool) -> Double? {
    guard !row.a.isEmpty, !row.a.contains(where: \.isNaN), !row.b.contains(where: \.isNaN) else {
      return nil
    }
    let a = areLogProbabilities ? row.a : PairedRow.logProbabilities(row.a)
    let b = areLogProbabilities ? row.b : PairedRow.logProbabilities(row.b)
    var (sum, restA, restB) = (0.0, 1.0, 1.0)
    for (a, b) in zip(a, b) {
      let p = exp(a)
      // What cannot come adds nothing, whatever B says of it.
      if p > 0 { sum += p * (a - b) }
      restA -= p
      restB -= exp(b)
    }
    // Sums of all probabilities miss 1 by their rounding.
    if areLogProbabilities, restA > 1e-6, restB > 1e-6 { sum += restA * log(restA / restB) }
    return sum.isNaN || sum == -.infinity ? nil : max(0, sum)
  }
}

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
