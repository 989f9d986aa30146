import Llama

/// Why decoding was refused. Each description is one sentence.
public enum LookaheadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// W, N, G or another count below its minimum.
  case invalidSize(name: String, found: Int, minimum: Int)
  /// Of Jacobi decoding.
  case invalidBlock(found: Int, largest: Int)
  case tooManyRows(windowSize: Int, ngramSize: Int, candidatesPerToken: Int, limit: Int)
  case tooManyWarmUpRows(
    windowSize: Int, ngramSize: Int, candidatesPerToken: Int, rows: Int, limit: Int)
  case firstWindowSize(expected: Int, found: Int)
  /// An option that a policy does not have; the rule begins with a verb.
  case unlikePolicy(LookaheadConfiguration.Policy, rule: String)
  case emptyPrompt
  case noPlannedPass
  /// The output of a pass has logits for a number of rows other than requested.
  case wrongOutput(expected: Int, found: Int)
  /// A prompt that leaves no room for a generated token.
  case promptTooLong(tokens: Int, contextLength: Int)
  /// A context limit above the model's.
  case contextBeyondModel(requested: Int, contextLength: Int)
  case invalidSampling(name: String, found: String, expected: String)
  /// A logit of NaN or +∞ from the model or a processor; the origin is where the model's forward pass
  /// first has such a number, if it was found.
  case unusableLogit(
    token: TokenID, position: Int, found: String, origin: NonFiniteOrigin? = nil)
  /// All logits of a row are -∞.
  case noTokenLeft(position: Int)
  case biasOutsideVocabulary(token: TokenID, vocabularySize: Int)
  case emptyStopString

  public var description: String {
    switch self {
    case .invalidSize(let name, let found, let minimum):
      "The \(name) is \(found), but must be at least \(minimum)."
    case .invalidBlock(let found, let largest):
      "The block is \(found), but must be from 1 to \(largest)."
    case .tooManyRows(let windowSize, let ngramSize, let candidatesPerToken, let limit):
      "With W = \(windowSize), N = \(ngramSize) and G = \(candidatesPerToken) a pass could have "
        + "(N - 1) · (W + G) rows, but at most \(limit) are allowed."
    case .tooManyWarmUpRows(
      let windowSize, let ngramSize, let candidatesPerToken, let rows, let limit):
      "With W = \(windowSize), N = \(ngramSize) and G = \(candidatesPerToken) a pass could have "
        + "\(rows) rows while the window warms up, but at most \(limit) are allowed."
    case .firstWindowSize(let expected, let found):
      "The first window has \(found) tokens, but W and N make it \(expected)."
    case .unlikePolicy(let policy, let rule):
      "The policy \(policy) \(rule)."
    case .emptyPrompt:
      "The prompt has no tokens, so there is nothing to continue."
    case .noPlannedPass:
      "The output of a pass was given to a decoder that has planned none; call plan() first."
    case .wrongOutput(let expected, let found):
      "The output of a pass has the logits of \(found) rows, but \(expected) were requested."
    case .promptTooLong(let tokens, let contextLength):
      "The prompt has \(tokens) tokens, but the context holds \(contextLength), of which at least "
        + "one must be left for generated tokens."
    case .contextBeyondModel(let requested, let contextLength):
      "The context is \(requested) tokens, but the model was made for \(contextLength)."
    case .invalidSampling(let name, let found, let expected):
      "The \(name) is \(found), but must be \(expected)."
    case .unusableLogit(let token, let position, let found, let origin):
      "The logit of token \(token) at position \(position) is \(found), so no token can be chosen"
        + (origin.map { "; the first number that is not finite is in \($0)." } ?? ".")
    case .noTokenLeft(let position):
      "Every token is forbidden at position \(position), so none can be chosen."
    case .biasOutsideVocabulary(let token, let vocabularySize):
      "A logit bias is given for token \(token), but the vocabulary has the tokens 0 to "
        + "\(vocabularySize - 1)."
    case .emptyStopString:
      "A stop string is empty, but must have at least one character."
    }
  }
}
