import Foundation

extension Tokenizer {
  /// The chat template of the model `path`, whose text is `Checkpoint.chatTemplateSource`.
  /// - Throws: `ChatTemplateError`; `.absent` if there is none.
  public func chatTemplate(
    source: String?, path: String
  ) throws(ChatTemplateError) -> ChatTemplate {
    guard let source else { throw .absent(path: path) }
    return try ChatTemplate(source, namedTokens: namedTokens)
  }

  /// The token ids of a conversation, those of transformers' `apply_chat_template`.
  ///
  /// As there, a message that contains the spelling of a special token yields that token: the caller
  /// must check untrusted messages itself.
  ///
  /// - Parameters:
  ///   - addGenerationPrompt: whether the beginning of a reply of the model follows.
  ///   - date: the date that templates can refer to.
  public func encode(
    _ messages: [ChatMessage], with template: ChatTemplate, addGenerationPrompt: Bool,
    date: Date = Date()
  ) throws(ChatTemplateError) -> [TokenID] {
    let text = try template.render(
      messages, addGenerationPrompt: addGenerationPrompt, date: date)
    // The template puts the tokens around the text itself.
    return encode(text, addSpecialTokens: false, parseSpecialTokens: true)
  }

  /// The token that ends a reply of the model in this template, such as `<|im_end|>`, if it is a single
  /// special token.
  public func endOfAnswerTokenID(in template: ChatTemplate) -> TokenID? {
    let text = PythonText.strip(template.endOfAnswer)
    let ids = encode(text, addSpecialTokens: false, parseSpecialTokens: true)
    return ids.first(where: isSpecial)
  }
}
