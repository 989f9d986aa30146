import Foundation

/// How often successors were right, by how likely the table says they are.
///
/// The table's probabilities are means over other contexts with the same last tokens, so they are too
/// large where they are large and too small where they are small. Here they are replaced by frequencies:
///
///     probability = (right + priorWeight · prior) / (tried + priorWeight)
struct SuccessorRecord: Equatable, Sendable {
  /// A class of drafts.
  enum Kind: Hashable, Sendable {
    /// A successor of so many tokens of context, 1 or 2, with a probability.
    case listed(context: Int, probability: Float)
    /// The table knows the context, and has other successors of it.
    case unlisted(context: Int)
    /// The index knows a match of this length, and has other tokens after it.
    case notIndexed(matchLength: Int)

    fileprivate var place: Int {
      switch self {
      case .listed(let context, let probability):
        let odds = Double(max(probability, 1e-4)) / Double(max(1 - probability, 1e-4))
        let steps = Int(log2(odds).rounded()) + SuccessorRecord.steps / 2
        return row(context) + min(max(steps, 0), SuccessorRecord.steps - 1)
      case .unlisted(let context): return row(context) + SuccessorRecord.steps
      case .notIndexed(let matchLength):
        return row(SuccessorTable.longestContext + 1) + matchLength - 1
      }
    }

    private func row(_ context: Int) -> Int { (context - 1) * (SuccessorRecord.steps + 1) }

    /// Fitted by eye to the frequencies of a run over other texts.
    fileprivate var prior: Double {
      switch self {
      case .listed(let context, let probability):
        context == 1 ? 0.01 + 0.65 * Double(probability) : 0.003 + 0.85 * Double(probability)
      case .unlisted: 0.04
      case .notIndexed(let matchLength): 0.04 / Double(matchLength)
      }
    }
  }

  /// The trials and the right ones among them.
  struct Count: Equatable, Sendable {
    var tried = 0.0
    var right = 0.0
  }

  /// Classes of probabilities: a factor of 2 of the odds each.
  fileprivate static let steps = 21
  static let kinds =
    SuccessorTable.longestContext * (steps + 1) + ContinuationIndex.longestMatch
  private static let priorWeight = 4.0
  /// Trials that count at most: then both counts are halved.
  private static let memory = 2_000.0

  private(set) var counts = Array(repeating: Count(), count: kinds)

  init() {}

  /// Counts as they were written.
  /// - Returns: nil unless there are `kinds`, none with more right drafts than trials.
  init?(counts: [Count]) {
    guard counts.count == Self.kinds,
      counts.allSatisfy({ $0.right >= 0 && $0.right <= $0.tried && $0.tried <= Self.memory })
    else { return nil }
    self.counts = counts
  }

  func probability(of kind: Kind) -> Double {
    let count = counts[kind.place]
    return (count.right + Self.priorWeight * kind.prior) / (count.tried + Self.priorWeight)
  }

  mutating func judge(_ kind: Kind, isRight: Bool) {
    var count = counts[kind.place]
    if count.tried >= Self.memory { count = Count(tried: count.tried / 2, right: count.right / 2) }
    counts[kind.place] = Count(tried: count.tried + 1, right: count.right + (isRight ? 1 : 0))
  }
}
