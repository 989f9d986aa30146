import Foundation

extension Tokenizer {
  /// The model's chat template.
  ///
  /// - Parameters:
  ///   - source: the template, `Checkpoint.chatTemplateSource`.
  ///   - path: the model, for error messages.
  /// - Throws: `ChatTemplateError`; `.absent` if there is none.
  public func chatTemplate(
    source: String?, path: String
  ) throws(ChatTemplateError) -> ChatTemplate {
    guard let source else { throw .absent(path: path) }
    return try ChatTemplate.recognise(source, bosToken: bosToken, eosToken: eosToken)
  }

  /// The token ids of a conversation, as transformers' `apply_chat_template` makes them.
  ///
  /// Also as there, a message that holds the spelling of a special token yields that token: a
  /// caller that passes on messages it does not trust must check them itself.
  ///
  /// - Parameters:
  ///   - messages: the conversation.
  ///   - template: the model's chat template.
  ///   - addGenerationPrompt: whether the beginning of an answer of the model follows.
  ///   - date: the day that some templates tell the model.
  /// - Throws: `ChatTemplateError`.
  public func encode(
    _ messages: [ChatMessage], with template: ChatTemplate, addGenerationPrompt: Bool,
    date: Date = Date()
  ) throws(ChatTemplateError) -> [TokenID] {
    let text = try template.render(
      messages, addGenerationPrompt: addGenerationPrompt, date: date)
    // The template puts the tokens around the text itself.
    return encode(text, addSpecialTokens: false, parseSpecialTokens: true)
  }

  /// The token by which the model ends an answer in this template, such as `<|im_end|>`, if it
  /// is a single special token.
  public func endOfAnswerTokenID(in template: ChatTemplate) -> TokenID? {
    let text = PythonText.strip(template.endOfAnswer)
    let ids = encode(text, addSpecialTokens: false, parseSpecialTokens: true)
    return ids.first(where: isSpecial)
  }
}
