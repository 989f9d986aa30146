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
  /// See `OpenedText.tokens(of:)`.
  public func tokens(of prompt: Prompt) throws -> [TokenID] { try text.tokens(of: prompt) }

  /// See `OpenedText.tokens(of:)`.
  public func tokens(of messages: [ChatMessage]) throws -> [TokenID] {
    try text.tokens(of: messages)
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
