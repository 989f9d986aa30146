import Llama

/// What three sources say of one draft: the log odds of its being right, 0 where a source knows nothing.
struct DraftEvidence: Equatable, Sendable {
  /// Length of the index's longest match, 0 to `ContinuationIndex.longestMatch`.
  var matchLength = 0
  /// Whether the table knows successors of the last token, and of the last two.
  var knowsOne = false
  var knowsTwo = false
  /// Log odds by the index, by the successors of one token and of two; the last lane is 1.
  var logOdds = SIMD4<Double>(0, 0, 0, 1)

  /// Which weights apply.
  fileprivate var set: Int { 4 * matchLength + (knowsTwo ? 2 : 0) + (knowsOne ? 1 : 0) }
}

/// The probability that a draft is right, from what several sources say of it: a weighted sum of log odds,
///
///     p = σ(w · x),  x = (index, one token, two tokens, 1)
///
/// with weights for each combination of sources that know the context. The weights are learnt from every
/// accepted token, by a step along the gradient of ln p (1 - p where the draft was wrong): w += η (y - p) x.
struct LogisticMix: Equatable, Sendable {
  private(set) var weights: [SIMD4<Double>]
  /// Drafts that each set of weights was trained with.
  private(set) var trained: [Double]

  static let sets = 4 * (ContinuationIndex.longestMatch + 1)
  /// η at first, after many drafts, and the number of drafts after which it is halved.
  private static let rate = (first: 0.02, last: 0.002, halvedAfter: 500.0)
  /// Weights before anything is learnt, by length of the index's match: those that were learnt in a run
  /// over 24 prompts (decision 78), rounded to multiples of 0.05.
  private static let priors: [(oneKnown: SIMD4<Double>, bothKnown: SIMD4<Double>)] = [
    ([0, 1.05, 0, 0], [0, 0.5, 0.55, 0]),
    ([0.5, 0.5, 0, 0.05], [0.25, 0.25, 0.55, 0.15]),
    ([0.65, 0.35, 0, 0.15], [0.4, 0.25, 0.4, 0.2]),
    ([0.7, 0.45, 0, 0.1], [0.65, 0.1, 0.35, 0.2]),
    ([1.1, 0.25, 0, 0.1], [0.8, 0.1, 0.25, 0.25]),
  ]

  init() {
    weights = Self.priors.flatMap { prior in
      [[1, 0, 0, 0], prior.oneKnown, prior.bothKnown, prior.bothKnown]
    }
    trained = Array(repeating: 0, count: Self.sets)
  }

  /// Weights as they were written.
  /// - Returns: nil unless there are `sets` of each, and all are finite.
  init?(weights: [SIMD4<Double>], trained: [Double]) {
    guard
      weights.count == Self.sets, trained.count == Self.sets,
      weights.allSatisfy({ abs($0.sum()) < 1e3 }), trained.allSatisfy({ $0 >= 0 && $0 < 1e15 })
    else { return nil }
    (self.weights, self.trained) = (weights, trained)
  }

  func probability(_ evidence: DraftEvidence) -> Double {
    LogOdds.probability((weights[evidence.set] * evidence.logOdds).sum())
  }

  mutating func learn(_ evidence: DraftEvidence, isRight: Bool) {
    let error = (isRight ? 1 : 0) - probability(evidence)
    let rate = Self.rate
    let set = evidence.set
    trained[set] += 1
    let step = max(rate.last, rate.first / (1 + trained[set] / rate.halvedAfter))
    weights[set] += step * error * evidence.logOdds
  }
}
