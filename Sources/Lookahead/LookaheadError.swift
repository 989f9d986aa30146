/// Why decoding was refused. Each description is one sentence.
public enum LookaheadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// W, N or G below what it must be.
  case invalidSize(name: String, found: Int, minimum: Int)
  /// W, N and G that would make a pass too large.
  case tooManyRows(windowSize: Int, ngramSize: Int, candidatesPerToken: Int, limit: Int)
  /// A first window of another size than W and N make.
  case firstWindowSize(expected: Int, found: Int)
  /// Something that the policy lade cannot do, as a rule that begins with a verb.
  case unlikeLade(String)
  /// Nothing to continue.
  case emptyPrompt
  /// A prompt that leaves no room for an answer.
  case promptTooLong(tokens: Int, contextLength: Int)
  /// A context limit that the model cannot serve.
  case contextBeyondModel(requested: Int, contextLength: Int)
  /// A count that must be at least 1.
  case notPositive(name: String, found: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .invalidSize(let name, let found, let minimum):
      "The \(name) is \(found), but must be at least \(minimum)."
    case .tooManyRows(let windowSize, let ngramSize, let candidatesPerToken, let limit):
      "With W = \(windowSize), N = \(ngramSize) and G = \(candidatesPerToken) a pass could have "
        + "(N - 1) · (W + G) rows, but at most \(limit) are allowed."
    case .firstWindowSize(let expected, let found):
      "The first window has \(found) tokens, but W and N make it \(expected)."
    case .unlikeLade(let rule):
      "The policy lade \(rule)."
    case .emptyPrompt:
      "The prompt has no tokens, so there is nothing to continue."
    case .promptTooLong(let tokens, let contextLength):
      "The prompt has \(tokens) tokens, but the context holds \(contextLength), of which at least "
        + "one must be left for the answer."
    case .contextBeyondModel(let requested, let contextLength):
      "A context of \(requested) tokens was asked for, but the model was made for "
        + "\(contextLength)."
    case .notPositive(let name, let found):
      "The \(name) is \(found), but must be at least 1."
    }
  }
}
