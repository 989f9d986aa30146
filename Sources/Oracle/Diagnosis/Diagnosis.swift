import Llama

/// What happened to the text of an engine, as far as it can be told from its tokens.
public struct Diagnosis: Encodable, Sendable {
  public enum Verdict: String, Encodable, Sendable, CaseIterable {
    /// All texts are the reference's.
    case same
    /// Rounding decides between tokens that are nearly equally likely.
    case nearTie = "near-tie"
    /// Rounding decides, and the speculative run rounds more coarsely than the plain one.
    case dependsOnRows = "arithmetic-depends-on-rows"
    /// The speculative decoder keeps something wrong around the model.
    case bookkeeping
    /// The engine runs another model, or reads another prompt.
    case otherModel = "other-model"
    case notExplained = "not-explained"
  }

  public internal(set) var verdict: Verdict
  /// Of the mistakes that were tried the one that is named.
  public internal(set) var cause: Hypothesis?
  /// The others that were tried and explain some of the text, the best first.
  public internal(set) var alternatives: [Hypothesis]
  /// How many mistakes were tried, each way of drafting counted.
  public internal(set) var hypothesesTried: Int
  public internal(set) var plain: TextFinding?
  public internal(set) var speculative: TextFinding?
  /// Where the two leave each other.
  public internal(set) var parting: Place?
  /// Arithmetics and how much they move margins here; finer ones first, none where no text deviates.
  public internal(set) var arithmetics: [ArithmeticNoise]
  /// How far the log-probabilities that both runs list are apart, if they do.
  public internal(set) var listedDifference: ListedDifference?
  /// Whether the plain text goes on behind an end token, so that the engine heeds none.
  public let ignoresEndTokens: Bool
  /// The steps of the speculative run, if they were given.
  public internal(set) var steps: StepFinding?
}

/// What was found in one of the engine's texts.
public struct TextFinding: Encodable, Sendable {
  public let path: String
  public let tokens: Int
  /// Where it first leaves the reference's greedy text.
  public internal(set) var firstDeviation: Place?
  /// Places where the reference, after the engine's own tokens, prefers another token.
  public internal(set) var deviations: Int
  /// Of these how many rounding does not explain, in the arithmetic below.
  public internal(set) var unexplained: Int
  /// The arithmetic whose rounding fits the text best.
  public internal(set) var arithmetic: EngineArithmetic?
  /// How far the log-probabilities that the engine listed are from the reference's, as the root of the
  /// mean square, if it listed any.
  public let listedError: Double?
}

/// A token that is not the reference's.
public struct Place: Encodable, Equatable, Sendable {
  /// Tokens of the output before it.
  public let index: Int
  /// What the engine has there, in the plain and in the speculative text where these part.
  public let token: TokenID
  public let other: TokenID?
  /// The reference's logit of `other` less that of `token`, in Double where it was computed.
  public internal(set) var margin: Double?
  /// Of each among all tokens in the reference, 1 being the likeliest.
  public let rank: Int
  public internal(set) var otherRank: Int?
}

/// A mistake that was tried, and how well it fits.
public struct Hypothesis: Encodable, Sendable {
  public let id: String
  /// As a sentence about the engine goes on.
  public let words: String
  /// How drafts were made when it was tried, where that matters.
  public let drafts: String?
  /// Of the tokens that the reference does not choose, how many the mistake makes.
  public let explained: Int
  public let deviations: Int
  /// Tokens that the reference chooses and the mistake would not.
  public let contradicted: Int
  /// By how much likelier the texts are than by rounding alone, in nats.
  public let gain: Double
}

/// What the steps of a speculative run show.
public struct StepFinding: Encodable, Equatable, Sendable {
  public let path: String
  public let steps: Int
  public let drafted: Int
  public let accepted: Int
  /// Steps, from 0, in which a draft was accepted that the reference does not choose.
  public let wronglyAccepted: [Int]
  /// Steps in which a draft was rejected that the reference chooses.
  public let wronglyRejected: [Int]
  /// Steps in which the token after the accepted drafts is not the reference's.
  public let wrongNext: [Int]
}
