/// Why a command cannot go on, where the library has no word for it. Each description is one
/// sentence.
enum CommandError: Error, Equatable, CustomStringConvertible {
  /// Neither `--model` nor the environment names a model, and none lies where one is looked for.
  case noModel
  /// A prompt without a character.
  case emptyPrompt
  /// A file that cannot be read, for the reason that the system gave.
  case cannotRead(path: String, reason: String)
  /// A file, or standard input, that should be text and is not UTF-8.
  case notText(name: String)
  /// A file, or standard input, that does not end where a text must have ended.
  case tooMuchText(name: String, limit: Int)
  /// Text was given to, or asked of, a checkpoint that has no tokenizer.
  case noTokenizer(path: String, expected: String)
  /// A system message was given, but the chat template has no place for one.
  case noSystemMessages(path: String)
  /// A token id that the tokenizer does not have.
  case unknownToken(id: Int, vocabularySize: Int)
  /// The conversation leaves no room for an answer.
  case conversationTooLong(tokens: Int, contextLength: Int)

  var description: String {
    switch self {
    case .noModel:
      "No model was found: name one with --model or LOOKAHEAD_MODEL, or fetch one with "
        + "scripts/fetch-model.sh."
    case .emptyPrompt:
      "The prompt is empty, so there is nothing to answer or to continue."
    case .cannotRead(let path, let reason):
      "\(path) cannot be read: \(reason)."
    case .notText(let name):
      "\(name) is not UTF-8 text."
    case .tooMuchText(let name, let limit):
      "\(name) has more than \(limit / 1_000_000) MB of text, which is more than can be taken in."
    case .noTokenizer(let path, let expected):
      "\(path) lacks \(expected), so it can only be run with --prompt-ids and without --stop."
    case .noSystemMessages(let path):
      "The chat template of \(path) has no place for a system message."
    case .unknownToken(let id, let vocabularySize):
      "Token id \(id) is outside the tokenizer's vocabulary of \(vocabularySize) tokens."
    case .conversationTooLong(let tokens, let contextLength):
      "The conversation has \(tokens) tokens, but the context holds \(contextLength), of which at "
        + "least one must be left for the answer."
    }
  }
}
