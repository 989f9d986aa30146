import Foundation

/// How often drafts of each kind were right, whose frequencies replace estimates (`TrialCount`).
///
/// The table's probabilities are means over other contexts with the same last tokens, so they are too
/// large where they are large and too small where they are small; and `LogisticMix` does not know where a
/// draft is from.
struct EvidenceRecord: Equatable, Sendable {
  /// A class of drafts.
  enum Kind: Hashable, Sendable {
    /// A successor of so many tokens of context, 1 or 2, with a probability by the table.
    case listed(context: Int, probability: Float)
    /// The table knows the context, and has other successors of it.
    case unlisted(context: Int)
    /// The index knows a match of this length, and has other tokens after it.
    case notIndexed(matchLength: Int)
    /// A draft of an origin, with a probability by all sources together.
    case mixed(DraftOrigin, probability: Double)

    /// The index of its count.
    fileprivate var index: Int {
      let perContext = EvidenceRecord.steps + 1
      let unmixed = SuccessorTable.longestContext * perContext
      return switch self {
      case .listed(let context, let probability):
        (context - 1) * perContext + step(of: Double(probability))
      case .unlisted(let context): context * perContext - 1
      case .notIndexed(let matchLength): unmixed + matchLength - 1
      case .mixed(let origin, let probability):
        unmixed + ContinuationIndex.longestMatch + EvidenceRecord.steps
          * (EvidenceRecord.origins.firstIndex(of: origin) ?? EvidenceRecord.origins.count)
          + step(of: probability)
      }
    }

    /// The class of a probability: each spans a factor of 2 of the odds.
    private func step(of probability: Double) -> Int {
      let odds = max(probability, 1e-4) / max(1 - probability, 1e-4)
      return min(
        max(Int(log2(odds).rounded()) + EvidenceRecord.steps / 2, 0), EvidenceRecord.steps - 1)
    }

    /// The probability before anything is counted, and the number of drafts that it counts for. Those of
    /// the table are fitted by eye to the frequencies of a run over 24 prompts (decision 78).
    fileprivate var prior: (probability: Double, weight: Double) {
      switch self {
      case .listed(1, let probability): (0.01 + 0.65 * Double(probability), 4)
      case .listed(_, let probability): (0.003 + 0.85 * Double(probability), 4)
      case .unlisted: (0.04, 4)
      case .notIndexed(let matchLength): (0.04 / Double(matchLength), 4)
      case .mixed(_, let probability): (probability, 20)
      }
    }
  }

  /// Classes of probabilities.
  fileprivate static let steps = 21
  /// Origins with counts of their own; all others share those behind them.
  fileprivate static let origins = DraftOrigin.builtIn + [.successors]
  static let kinds =
    SuccessorTable.longestContext * (steps + 1) + ContinuationIndex.longestMatch
    + (origins.count + 1) * steps
  /// Trials that count at most: then both counts are halved.
  private static let memory = 2_000.0

  private(set) var counts = Array(repeating: TrialCount(), count: kinds)

  init() {}

  /// Counts as they were written.
  /// - Returns: nil unless there are `kinds`, none with more right drafts than trials.
  init?(counts: [TrialCount]) {
    guard counts.count == Self.kinds,
      counts.allSatisfy({ $0.right >= 0 && $0.right <= $0.tried && $0.tried <= Self.memory })
    else { return nil }
    self.counts = counts
  }

  func probability(of kind: Kind) -> Double {
    let prior = kind.prior
    return counts[kind.index].probability(prior: prior.probability, weight: prior.weight)
  }

  mutating func judge(_ kind: Kind, isRight: Bool) {
    var count = counts[kind.index]
    if count.tried >= Self.memory {
      count = TrialCount(tried: count.tried / 2, right: count.right / 2)
    }
    count.judge(isRight: isRight)
    counts[kind.index] = count
  }
}
