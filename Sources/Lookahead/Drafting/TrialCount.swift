/// How often drafts of a kind were tried, and how often they were right.
struct TrialCount: Equatable, Sendable {
  var tried = 0.0
  var right = 0.0

  mutating func judge(isRight: Bool) {
    tried += 1
    if isRight { right += 1 }
  }

  /// (right + weight · prior) / (tried + weight)
  /// - Parameters:
  ///   - prior: the probability before anything is counted.
  ///   - weight: the number of trials that it counts for.
  func probability(prior: Double, weight: Double) -> Double {
    (right + weight * prior) / (tried + weight)
  }
}
