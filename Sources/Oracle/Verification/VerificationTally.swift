import Lookahead

/// What was compared.
public struct VerificationTally: Codable, Equatable, Sendable {
  /// Runs that gave what plain decoding gives.
  public var runs = 0
  /// Tokens compared.
  public var tokens = 0
  /// Rows of logits compared.
  public var rows = 0
  /// Logits compared, each of 32 bits.
  public var logits = 0
  /// Passes that settled tokens.
  public var passes = 0
  /// Tokens that had been guessed right.
  public var guessedTokens = 0
  /// Rows of the largest pass but those that read prompts.
  public var largestPass = 0

  /// Nothing yet.
  public init() {}

  /// Takes in a run that is equal.
  mutating func add(_ comparison: CaseComparison, vocabularySize: Int) {
    guard let result = comparison.result else { return }
    runs += 1
    tokens += result.tokens.count
    rows += result.tokens.count
    logits += result.tokens.count * vocabularySize
    passes += result.passes
    guessedTokens += result.statistics.acceptedDrafts.values.reduce(0, +)
    largestPass = max(largestPass, comparison.largestPass)
  }
}
