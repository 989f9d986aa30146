/// Why a command cannot go on. Each description is one sentence.
enum CommandError: Error, Equatable, CustomStringConvertible {
  case noModel
  case emptyPrompt
  /// The reason is the system's.
  case cannotRead(path: String, reason: String)
  /// A text that is not UTF-8.
  case notText(name: String)
  case tooMuchText(name: String, limit: Int)
  case unknownToken(id: Int, vocabularySize: Int)

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
    case .unknownToken(let id, let vocabularySize):
      "Token id \(id) is outside the tokenizer's vocabulary of \(vocabularySize) tokens."
    }
  }
}
