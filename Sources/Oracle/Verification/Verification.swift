import Llama
import Lookahead

public struct Verification: Sendable {
  /// Prompts in the order of the plan, as far as they were decoded plainly.
  public internal(set) var prompts: [Certificate.Prompt] = []
  /// Of all rows of logits of plain decoding, prompt after prompt.
  public internal(set) var logitsSHA256 = LogitsDigest().hexDigest
  public internal(set) var tally = VerificationTally()
  /// The runs that gave what plain decoding gives, in order.
  public internal(set) var equalRuns: [VerificationPlan.Run] = []
  /// The run that did not, if there is one.
  public internal(set) var counterExample: CounterExample?
  /// The smallest case that fails, where one does.
  var smallestCase: VerificationCase?
  /// Whether all runs of the plan were compared, and all of them were equal.
  public internal(set) var areAllRunsEqual = false
}

/// What was compared.
public struct VerificationTally: Codable, Equatable, Sendable {
  public var runs = 0
  public var tokens = 0
  public var rows = 0
  public var logits = 0
  /// Decoding steps.
  public var passes = 0
  /// Accepted drafts.
  public var guessedTokens = 0
  /// Rows of the largest pass but those that read prompts.
  public var largestPass = 0

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

/// What a verifier is doing.
public enum VerificationProgress: Sendable {
  /// Decoding a prompt plainly, the `number`-th of `count`.
  case plain(prompt: String, number: Int, count: Int)
  /// Decoding a prompt with a setting, the `number`-th run of `count`.
  case run(prompt: String, setting: RunSetting, number: Int, count: Int)
  /// Looking for a smaller case that fails; it is the `tried`-th that is tried.
  case shrinking(smallest: VerificationCase, tried: Int)
}
