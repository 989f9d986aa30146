import Llama
import Lookahead

/// What a text answers or continues.
public enum Prompt: Equatable, Sendable {
  /// A user's message, put into the model's chat template.
  case message(String, system: String? = nil)
  /// Text to continue, without the chat template; special tokens in it are recognised.
  case raw(String)
  /// Token ids to continue; nothing is added to them.
  case ids([TokenID])

  /// Whether the chat template is used.
  public var isChat: Bool { if case .message = self { true } else { false } }
}

extension OpenedModel {
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
      throw SessionError.noSystemMessages(path: checkpoint.path)
    }
    return try requiredTokenizer().encode(messages, with: template, addGenerationPrompt: true)
  }

  /// The tokens of a prompt that leaves room in the model's context.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`; what `tokens(of:)` throws.
  public func continuableTokens(of prompt: Prompt) throws -> [TokenID] {
    let tokens = try tokens(of: prompt)
    let contextLength = checkpoint.configuration.contextLength
    if tokens.isEmpty { throw LookaheadError.emptyPrompt }
    if tokens.count >= contextLength {
      throw LookaheadError.promptTooLong(tokens: tokens.count, contextLength: contextLength)
    }
    return tokens
  }

  /// The tokens after which a text ends: those of the configuration and of the tokenizer's files, and
  /// for an answer in a chat template the one that ends it.
  public func endTokens(isChat: Bool) throws -> Set<TokenID> {
    var tokens = Set(checkpoint.configuration.eosTokenIDs)
    guard let tokenizer else { return tokens }
    tokens.formUnion(tokenizer.eosTokenIDs)
    if isChat, let token = tokenizer.endOfAnswerTokenID(in: try requiredChatTemplate()) {
      tokens.insert(token)
    }
    return tokens
  }
}
