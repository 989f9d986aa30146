import Foundation
import Llama
import Tensor

/// How a model, or a simulated engine, judges one token of another engine's text.
public struct ScoredToken: Equatable, Sendable {
  public let token: TokenID
  /// The likeliest other token; nil where the text should have ended before.
  public let rival: TokenID?
  /// The token's logit less the rival's, so below 0 where another is preferred; infinite where a
  /// simulated engine gives a token without asking the model.
  public let margin: Double
  /// Of the token among all by logit, 1 being the likeliest.
  public let rank: Int

  public init(token: TokenID, rival: TokenID?, margin: Double, rank: Int) {
    (self.token, self.rival, self.margin, self.rank) = (token, rival, margin, rank)
  }

  /// - Parameter logits: `[vocabularySize]`, with the token's own.
  init(_ token: TokenID, logits: ArraySlice<Float>) {
    let standing = logits.standing(of: token)
    let own = Double(logits[logits.startIndex + token])
    self.init(
      token: token, rival: standing.rival,
      margin: standing.rival == nil ? .infinity : own - Double(standing.rivalValue),
      rank: standing.rank)
  }

  /// A token that an engine gives whatever the logits are.
  init(_ token: TokenID, certain: TokenID) {
    let isRight = token == certain
    self.init(
      token: token, rival: isRight ? nil : certain, margin: isRight ? .infinity : -.infinity,
      rank: isRight ? 1 : 2)
  }

  /// A token behind the end of the text.
  init(afterEnd token: TokenID) {
    self.init(token: token, rival: nil, margin: -.infinity, rank: 2)
  }

  /// Whether the model chooses this token.
  public var isChosen: Bool { rank == 1 }

  /// The logarithm of the probability that the token is chosen if rounding moves the margin by an error
  /// of this standard deviation: `-log(1 + exp(-margin / s))`, `s = noise · √3 / π`. The logistic
  /// distribution, since rounding errors have heavier tails than the normal one.
  /// - Returns: at least `leastLogProbability`: whatever a model says, an engine may do otherwise.
  func logProbability(noise: Double) -> Double {
    if margin == .infinity { return 0 }
    let scale = max(noise, .leastNormalMagnitude) * 3.0.squareRoot() / .pi
    return max(Self.leastLogProbability, -log1p(exp(-margin / scale)))
  }

  static let leastLogProbability = -20.0

  /// Whether rounding of this size explains the token.
  func isExplained(byNoise noise: Double) -> Bool {
    isChosen || margin >= -Self.explainedDeviations * noise
  }

  /// Standard deviations of its error by which rounding may move a margin.
  static let explainedDeviations = 6.0
}

extension [ScoredToken] {
  /// The logarithm of the probability of the text, if rounding is of this size.
  func logProbability(noise: Double) -> Double {
    reduce(0) { $0 + $1.logProbability(noise: noise) }
  }

  /// The places where the model prefers another token.
  var deviations: [Int] { indices.filter { !self[$0].isChosen } }

  /// The places where rounding of this size does not explain the token.
  func unexplained(byNoise noise: Double) -> [Int] {
    indices.filter { !self[$0].isExplained(byNoise: noise) }
  }
}
