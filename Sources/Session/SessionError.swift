/// Why a session cannot make a text. Each description is one sentence.
public enum SessionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Text was given to, or asked of, a checkpoint that has no tokenizer.
  case noTokenizer(path: String, expected: String)
  /// A system message was given, but the chat template has no place for one.
  case noSystemMessages(path: String)
  /// The conversation leaves no room for an answer.
  case conversationTooLong(tokens: Int, contextLength: Int)

  public var description: String {
    switch self {
    case .noTokenizer(let path, let expected):
      "\(path) lacks \(expected), so prompts must be token ids (--prompt-ids), and stop strings (--stop) "
        + "cannot be used."
    case .noSystemMessages(let path):
      "The chat template of \(path) has no place for a system message."
    case .conversationTooLong(let tokens, let contextLength):
      "The conversation has \(tokens) tokens, but the context holds \(contextLength), of which at "
        + "least one must be left for the answer."
    }
  }
}
