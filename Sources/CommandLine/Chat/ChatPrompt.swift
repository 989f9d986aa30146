import Llama
import Lookahead

/// Prompts and conversations as tokens of a model.
extension OpenedModel {
  /// The tokens of a prompt.
  /// - Throws: `CommandError.noTokenizer`, and for a prompt that is a message, what
  ///   `tokens(of messages:)` throws.
  func tokens(of prompt: PromptOptions.Prompt) throws -> [TokenID] {
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

  /// The tokens of a prompt that can be gone on from within the model's context.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`; what `tokens(of:)` throws.
  func continuableTokens(of prompt: PromptOptions.Prompt) throws -> [TokenID] {
    let tokens = try tokens(of: prompt)
    let contextLength = checkpoint.configuration.contextLength
    if tokens.isEmpty { throw LookaheadError.emptyPrompt }
    if tokens.count >= contextLength {
      throw LookaheadError.promptTooLong(tokens: tokens.count, contextLength: contextLength)
    }
    return tokens
  }

  /// The tokens of a conversation in the model's chat template, up to where the answer begins.
  /// - Throws: `CommandError.noTokenizer`; `CommandError.noSystemMessages` if the template would
  ///   drop the system message; `ChatTemplateError`.
  func tokens(of messages: [ChatMessage]) throws -> [TokenID] {
    let tokenizer = try requiredTokenizer()
    let template = try requiredChatTemplate()
    if messages.contains(where: { $0.role == .system }), !template.supportsSystemMessage {
      throw CommandError.noSystemMessages(path: checkpoint.path)
    }
    return try tokenizer.encode(messages, with: template, addGenerationPrompt: true)
  }

  /// The tokens after which a text ends: those that the configuration and the tokenizer's files
  /// name, and in a conversation the one that ends an answer.
  func endTokens(isChat: Bool) throws -> Set<TokenID> {
    var tokens = Set(checkpoint.configuration.eosTokenIDs)
    guard let tokenizer else { return tokens }
    tokens.formUnion(tokenizer.eosTokenIDs)
    if isChat, let token = tokenizer.endOfAnswerTokenID(in: try requiredChatTemplate()) {
      tokens.insert(token)
    }
    return tokens
  }

  /// The family of the chat template and its own system message, or why there is none to use.
  var chatTemplateDescription: String {
    switch chatTemplate {
    case nil:
      return "none, since there is no tokenizer"
    case .failure(.absent):
      return "none"
    case .failure(let error):
      return "not usable: \(error)"
    case .success(let template):
      let system =
        template.supportsSystemMessage
        ? template.defaultSystemMessage.map { "default system message \"\($0)\"" }
          ?? "no default system message"
        : "no system messages"
      return "\(template.format.rawValue), \(system)"
    }
  }

  /// The chat template, where a conversation cannot do without one.
  /// - Throws: `ChatTemplateError`; `CommandError.noTokenizer`.
  private func requiredChatTemplate() throws -> ChatTemplate {
    if let chatTemplate { return try chatTemplate.get() }
    throw missingTokenizer
  }
}
