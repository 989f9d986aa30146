import Foundation

/// How a model wants a conversation written: its own chat template, which comes with it as a
/// Jinja program.
///
/// The program itself is run, by a small interpreter: models of one family differ in white space,
/// in trimming, in where the end-of-text token goes, and a prompt that is off by a space is a
/// prompt that the model was not trained on. The result is that of transformers'
/// `apply_chat_template`, or an error.
public struct ChatTemplate: Sendable {
  /// The family that a template belongs to, told by what it puts out.
  public enum Format: String, Sendable, CaseIterable {
    /// `<|im_start|>user … <|im_end|>`.
    case chatML = "ChatML"
    /// `[INST] <<SYS>> … <</SYS>> … [/INST]`.
    case llama2 = "Llama 2"
    /// `<|start_header_id|>user<|end_header_id|> … <|eot_id|>`.
    case llama3 = "Llama 3"
    /// `[INST] … [/INST]`, without a marked system message.
    case mistral = "Mistral"
    /// `<|user|> … </s>`.
    case zephyr = "Zephyr"
  }

  /// The family.
  public let format: Format
  /// The system message that the template adds to a conversation without one, if it does.
  public let defaultSystemMessage: String?
  /// Whether the template accepts a system message and puts it out.
  public let supportsSystemMessage: Bool
  /// What the template puts after a finished answer of the model: the token that ends its turn
  /// comes first in it, such as `<|im_end|>`. Empty if nothing follows.
  public let endOfAnswer: String

  private let program: TemplateProgram

  /// Reads a model's chat template and finds out what it does.
  ///
  /// - Parameters:
  ///   - source: the template, a Jinja program.
  ///   - bosToken: the text of the model's beginning-of-text token, which templates refer to.
  ///   - eosToken: the text of its end-of-text token.
  /// - Returns: the template, if its output is of a known format.
  /// - Throws: `ChatTemplateError`.
  public static func recognise(
    _ source: String, bosToken: String?, eosToken: String?
  ) throws(ChatTemplateError) -> ChatTemplate {
    let program = TemplateProgram(
      statements: try TemplateParser.parse(source), bosToken: bosToken, eosToken: eosToken)
    let behavior = try TemplateBehavior(of: program)
    return ChatTemplate(
      format: behavior.format, defaultSystemMessage: behavior.defaultSystemMessage,
      supportsSystemMessage: behavior.supportsSystemMessage, endOfAnswer: behavior.endOfAnswer,
      program: program)
  }

  /// Writes a conversation as the model wants it.
  ///
  /// Contents are put in as they are, also where they hold the spelling of a special token, as
  /// transformers does.
  ///
  /// - Parameters:
  ///   - messages: the conversation.
  ///   - addGenerationPrompt: whether the beginning of an answer of the model follows.
  ///   - date: the day that some templates tell the model.
  /// - Returns: the text, to be encoded with special tokens parsed and none added.
  /// - Throws: `ChatTemplateError`; `.refused` if the template does not allow such a conversation.
  public func render(
    _ messages: [ChatMessage], addGenerationPrompt: Bool, date: Date = Date()
  ) throws(ChatTemplateError) -> String {
    try program.run(messages, addGenerationPrompt: addGenerationPrompt, date: date)
  }
}

/// A parsed template and the tokens that it refers to.
struct TemplateProgram: Sendable {
  /// The template.
  var statements: [TemplateStatement]
  /// The text of the beginning-of-text token.
  var bosToken: String?
  /// The text of the end-of-text token.
  var eosToken: String?

  /// Runs the template, with the names that transformers gives it.
  func run(
    _ messages: [ChatMessage], addGenerationPrompt: Bool, date: Date
  ) throws(ChatTemplateError) -> String {
    var names: [String: TemplateValue] = [
      "messages": .list(
        messages.map {
          .mapping([("role", .string($0.role.rawValue)), ("content", .string($0.content))])
        }),
      "add_generation_prompt": .bool(addGenerationPrompt),
      "tools": .none,
      "documents": .none,
    ]
    if let bosToken { names["bos_token"] = .string(bosToken) }
    if let eosToken { names["eos_token"] = .string(eosToken) }
    // A template goes through the messages a few times, and through each one's text a few times
    // more before it puts it out. One that does more than that is not a chat template.
    let contents = messages.reduce(256 * messages.count) { $0 + $1.content.utf8.count }
    var interpreter = TemplateInterpreter(
      names: names, stepLimit: 100_000 + 1_000 * messages.count,
      textLimit: 1 << 20 + min(contents, 1 << 50) * 64, date: date)
    try interpreter.run(statements)
    return interpreter.output
  }
}
