import Llama

/// Why texts cannot be diagnosed. What is wrong with a file is a `FileError`.
public enum DiagnosisError: Error, Equatable, Sendable, CustomStringConvertible {
  case textTooLong(path: String, prompt: Int, tokens: Int, contextLength: Int)

  public var description: String {
    switch self {
    case .textTooLong(let path, let prompt, let tokens, let contextLength):
      "\(path.shown) has \(tokens) tokens after a prompt of \(prompt), where the model has room for "
        + "\(contextLength); cut the text, for what matters is where it first goes another way."
    }
  }

  static func check(
    _ texts: [EngineOutput], prompt: [TokenID], contextLength: Int
  ) throws(DiagnosisError) {
    for text in texts where prompt.count + text.tokens.count > contextLength {
      throw .textTooLong(
        path: text.path, prompt: prompt.count, tokens: text.tokens.count,
        contextLength: contextLength)
    }
  }
}
