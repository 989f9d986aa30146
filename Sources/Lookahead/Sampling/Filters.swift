/// Keeps the `count` most probable tokens; of equally probable ones those with the lowest ids.
public struct TopK: LogitsProcessor {
  /// At least 1.
  public let count: Int

  public init(_ count: Int) { self.count = count }

  public func process(_ logits: inout [Float], after prefix: TextPrefix) {
    guard count < logits.count else { return }
    RankCut(logits, reaching: Double(count), weight: { _ in 1 }).apply(to: &logits)
  }
}

/// Keeps the fewest most probable tokens whose probabilities add up to at least `mass`; of equally
/// probable ones those with the lowest ids. At least one is kept.
///
/// The probabilities are those of its input: after `TopK` those among the tokens kept there, before
/// `Temperature` the model's own. Source: arXiv:1904.09751, section 3.1.
public struct TopP: LogitsProcessor {
  /// Above 0; from 1 on all tokens are kept.
  public let mass: Double

  public init(_ mass: Double) { self.mass = mass }

  /// - Throws: `LookaheadError.noTokenLeft`.
  public func process(_ logits: inout [Float], after prefix: TextPrefix) throws {
    guard mass < 1 else { return }
    let distribution = try TokenDistribution(logits, position: prefix.count)
    let numerators = distribution.numerators
    RankCut(
      logits, reaching: mass * distribution.total, weight: { Double(numerators[$0]) }
    ).apply(to: &logits)
  }
}

/// Keeps the tokens that are at least `ratio` times as probable as the most probable one.
///
/// Source: arXiv:2407.01082, section 3.
public struct MinP: LogitsProcessor {
  /// From 0, which keeps all, to 1.
  public let ratio: Double

  public init(_ ratio: Double) { self.ratio = ratio }

  /// - Throws: `LookaheadError.noTokenLeft`.
  public func process(_ logits: inout [Float], after prefix: TextPrefix) throws {
    // The most probable token's numerator is 1.
    let numerators = try TokenDistribution(logits, position: prefix.count).numerators
    for token in logits.indices {
      logits[token] = Double(numerators[token]) < ratio ? -.infinity : logits[token]
    }
  }
}
