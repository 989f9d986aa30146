import Lookahead

/// How many drafts of an origin were expected to be right, by their estimated probabilities, and how many
/// were.
struct DraftCount: Encodable, Equatable {
  let expected: Double
  let accepted: Int

  static func byOrigin(_ statistics: GenerationStatistics) -> [String: DraftCount] {
    let (expected, accepted) = (statistics.expectedDrafts, statistics.acceptedDrafts)
    return Dictionary(
      uniqueKeysWithValues: Set(expected.keys).union(accepted.keys).map { origin in
        (
          origin.name,
          DraftCount(expected: expected[origin] ?? 0, accepted: accepted[origin] ?? 0)
        )
      })
  }

  static func + (a: DraftCount, b: DraftCount) -> DraftCount {
    DraftCount(expected: a.expected + b.expected, accepted: a.accepted + b.accepted)
  }
}
