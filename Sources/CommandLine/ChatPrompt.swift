import Llama

/// Prompts and conversations as tokens of a model.
extension OpenedModel {
  /// The tokens of a prompt.
  /// - Throws: `CommandError.noTokenizer`, `CommandError.noChatTemplate`, or what the chat template
  ///   throws.
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

  /// The tokens of a conversation in the model's chat template, up to where the answer begins.
  func tokens(of messages: [ChatMessage]) throws -> [TokenID] {
    let tokenizer = try requiredTokenizer()
    let template = try ChatTemplate(source: "")
    return tokenizer.encode(template.render(messages), addSpecialTokens: false, parseSpecialTokens: true)
  }
  var chatTemplateDescription: String { "ChatML" }
  func endTokens(isChat: Bool) -> Set<TokenID> { endTokens }
}
