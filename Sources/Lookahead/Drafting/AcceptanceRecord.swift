/// How often guesses of each kind were right: their kind is where the token was seen, how long the
/// match is and how many guesses for the same place are better.
///
/// Every settled token judges the guesses for its place, whether or not a pass tried them. Counting
/// starts from what was seen on chat texts, worth `priorWeight` guesses.
public struct AcceptanceRecord: Sendable {
  /// Guesses and right ones.
  struct Count: Sendable {
    var tried = 0.0
    var right = 0.0
  }

  static let priorWeight = 8.0
  private static let ranks = 4
  private var counts: [Count]

  init() {
    let kinds = CandidateSource.allCases.count * ContinuationIndex.longestMatch
    counts = Array(repeating: Count(), count: kinds * AcceptanceRecord.ranks)
  }

  /// The estimated probability that a guess of this kind is right.
  func probability(source: CandidateSource, matchLength: Int, rank: Int) -> Double {
    let count = counts[AcceptanceRecord.kind(source, matchLength, rank)]
    let prior = AcceptanceRecord.prior(source, matchLength, rank)
    return (count.right + AcceptanceRecord.priorWeight * prior)
      / (count.tried + AcceptanceRecord.priorWeight)
  }

  /// Counts a guess.
  mutating func judge(source: CandidateSource, matchLength: Int, rank: Int, isRight: Bool) {
    let kind = AcceptanceRecord.kind(source, matchLength, rank)
    counts[kind].tried += 1
    if isRight { counts[kind].right += 1 }
  }

  private static func kind(_ source: CandidateSource, _ matchLength: Int, _ rank: Int) -> Int {
    let length = min(max(matchLength, 1), ContinuationIndex.longestMatch) - 1
    return (source.rawValue * ContinuationIndex.longestMatch + length) * ranks
      + min(rank, ranks - 1)
  }

  private static func prior(
    _ source: CandidateSource, _ matchLength: Int, _ rank: Int
  ) -> Double {
    let first = [0.25, 0.4, 0.5, 0.6]
    let length = min(max(matchLength, 1), first.count) - 1
    return first[length] * [1, 0.4, 0.2, 0.1][min(rank, 3)]
  }
}
