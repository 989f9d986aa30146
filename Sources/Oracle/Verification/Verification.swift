import Llama
import Lookahead

/// What a verifier found.
public struct Verification: Sendable {
  /// Plain decoding of one prompt.
  public struct PlainPrompt: Sendable {
    public let tokens: Int
    public let finishReason: FinishReason
    /// Of the logits behind the tokens, as little-endian float32.
    public let logitsSHA256: String
    public internal(set) var runs = 0
  }

  /// Prompts in the order of the plan, as far as they were decoded.
  public internal(set) var prompts: [PlainPrompt] = []
  /// Of all rows of logits of plain decoding, prompt after prompt.
  public internal(set) var logitsSHA256 = LogitsDigest().hexDigest
  /// What was compared.
  public internal(set) var tally = VerificationTally()
  /// The runs that gave what plain decoding gives, in order.
  public internal(set) var equalRuns: [VerificationPlan.Run] = []
  /// The run that did not, if there is one.
  public internal(set) var counterExample: CounterExample?
  /// The smallest case that fails, where one does.
  var smallestCase: VerificationCase?
  /// Whether all runs of the plan were compared, and all of them were equal.
  public internal(set) var isProven = false
}
