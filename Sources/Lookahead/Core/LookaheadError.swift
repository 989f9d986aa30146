import Llama

/// Why decoding was refused. Each description is one sentence.
public enum LookaheadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// W, N or G below what it must be.
  case invalidSize(name: String, found: Int, minimum: Int)
  /// W, N and G that would make a pass too large.
  case tooManyRows(windowSize: Int, ngramSize: Int, candidatesPerToken: Int, limit: Int)
  /// W, N and G that would make a pass too large while the window warms up.
  case tooManyWarmUpRows(
    windowSize: Int, ngramSize: Int, candidatesPerToken: Int, rows: Int, limit: Int)
  /// A first window of another size than W and N make.
  case firstWindowSize(expected: Int, found: Int)
  /// Something that the policy lade cannot do, as a rule that begins with a verb.
  case unlikeLade(String)
  /// Nothing to continue.
  case emptyPrompt
  /// The output of a pass was given, but none was planned.
  case noPlannedPass
  /// The output of a pass has another number of rows than were wanted.
  case wrongOutput(expected: Int, found: Int)
  /// A prompt that leaves no room for an answer.
  case promptTooLong(tokens: Int, contextLength: Int)
  /// A context limit that the model cannot serve.
  case contextBeyondModel(requested: Int, contextLength: Int)
  /// A count that must be at least 1.
  case notPositive(name: String, found: Int)
  /// A sampling parameter out of its range.
  case invalidSampling(name: String, found: String, expected: String)
  /// A logit of NaN or +∞, from the model or from a processor.
  case unusableLogit(token: TokenID, position: Int, found: String)
  /// A logit of NaN or +∞ that the model made, and where the first number like it appears.
  case nonFinite(token: TokenID, position: Int, found: String, origin: NonFiniteOrigin)
  /// A row of logits that forbids every token.
  case noTokenLeft(position: Int)
  /// A bias on a token that there is not.
  case biasOutsideVocabulary(token: TokenID, vocabularySize: Int)
  /// A stop string without a character, which every text would begin with.
  case emptyStopString

  /// One sentence.
  public var description: String {
    switch self {
    case .invalidSize(let name, let found, let minimum):
      "The \(name) is \(found), but must be at least \(minimum)."
    case .tooManyRows(let windowSize, let ngramSize, let candidatesPerToken, let limit):
      "With W = \(windowSize), N = \(ngramSize) and G = \(candidatesPerToken) a pass could have "
        + "(N - 1) · (W + G) rows, but at most \(limit) are allowed."
    case .tooManyWarmUpRows(
      let windowSize, let ngramSize, let candidatesPerToken, let rows, let limit):
      "With W = \(windowSize), N = \(ngramSize) and G = \(candidatesPerToken) a pass could have "
        + "\(rows) rows while the window warms up, but at most \(limit) are allowed."
    case .firstWindowSize(let expected, let found):
      "The first window has \(found) tokens, but W and N make it \(expected)."
    case .unlikeLade(let rule):
      "The policy lade \(rule)."
    case .emptyPrompt:
      "The prompt has no tokens, so there is nothing to continue."
    case .noPlannedPass:
      "The output of a pass was given to a decoder that has planned none; call plan() first."
    case .wrongOutput(let expected, let found):
      "The output of a pass has the logits of \(found) rows, but those of \(expected) were wanted."
    case .promptTooLong(let tokens, let contextLength):
      "The prompt has \(tokens) tokens, but the context holds \(contextLength), of which at least "
        + "one must be left for the answer."
    case .contextBeyondModel(let requested, let contextLength):
      "A context of \(requested) tokens was asked for, but the model was made for "
        + "\(contextLength)."
    case .notPositive(let name, let found):
      "The \(name) is \(found), but must be at least 1."
    case .invalidSampling(let name, let found, let expected):
      "The \(name) is \(found), but must be \(expected)."
    case .unusableLogit(let token, let position, let found):
      "The logit of token \(token) at position \(position) is \(found), so no token can be chosen."
    case .nonFinite(let token, let position, let found, let origin):
      "The logit of token \(token) at position \(position) is \(found), so no token can be chosen; "
        + "the first number that is not finite is in \(origin)."
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
