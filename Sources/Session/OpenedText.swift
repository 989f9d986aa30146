import Files
import Llama

/// A model's tokenizer and chat template, as far as they can be used; a model is not needed for them.
public struct OpenedText: Sendable {
  /// The model's path.
  public let path: String
  /// Nil where there is none to use.
  public let tokenizer: Tokenizer?
  /// Why there is no tokenizer to use, though there is one.
  public let tokenizerError: FileError?
  /// What the path lacks, if it has no tokenizer.
  private let missing: String
  /// The chat template, or why there is none to use; nil where there is no tokenizer.
  public let chatTemplate: Result<ChatTemplate, ChatTemplateError>?

  /// Opens a GGUF file, which may have a vocabulary alone, or a folder with a tokenizer.json.
  /// - Throws: `InputFileError` and `FileError` if the files cannot be read.
  public init(path: String) throws {
    self.init(try TextFiles.open(path))
  }

  init(_ files: TextFiles) {
    path = files.path
    var tokenizer: Tokenizer?
    var failure: FileError?
    do {
      tokenizer = try files.tokenizerSource.makeTokenizer()
    } catch {
      failure = error
    }
    (self.tokenizer, tokenizerError) = (tokenizer, failure)
    missing = if case .absent(_, let expected) = files.tokenizerSource { expected } else { "" }
    chatTemplate = tokenizer.map { tokenizer in
      Result { () throws(ChatTemplateError) in
        try tokenizer.chatTemplate(source: files.chatTemplateSource, path: files.path)
      }
    }
  }

  /// - Throws: `SessionError.noTokenizer`; `FileError` if the tokenizer is not supported.
  public func requiredTokenizer() throws -> Tokenizer {
    if let tokenizer { return tokenizer }
    if let tokenizerError { throw tokenizerError }
    throw SessionError.noTokenizer(path: path, expected: missing)
  }

  public func requiredChatTemplate() throws -> ChatTemplate {
    _ = try requiredTokenizer()
    return try chatTemplate?.get() ?? { throw ChatTemplateError.absent(path: path) }()
  }

  /// The tokens of a prompt.
  /// - Throws: `SessionError.noTokenizer`; for a message what `tokens(of messages:)` throws.
  public func tokens(of prompt: Prompt) throws -> [TokenID] {
    switch prompt {
    case .ids(let ids):
      return ids
    case .raw(let text):
      return try requiredTokenizer().encode(
        text, addSpecialTokens: true, parseSpecialTokens: true)
    case .message(let text, let system):
      let messages = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
      return try tokens(of: messages + [ChatMessage(role: .user, content: text)])
    }
  }

  /// The tokens of a conversation in the model's chat template, up to where the answer begins.
  /// - Throws: `SessionError.noTokenizer`; `SessionError.noSystemMessages` if the template would
  ///   drop the system message; `ChatTemplateError`.
  public func tokens(of messages: [ChatMessage]) throws -> [TokenID] {
    let template = try requiredChatTemplate()
    if messages.contains(where: { $0.role == .system }), !template.supportsSystemMessage {
      throw SessionError.noSystemMessages(path: path)
    }
    return try requiredTokenizer().encode(messages, with: template, addGenerationPrompt: true)
  }
}
