import Foundation

/// A model's own chat template, a Jinja program that writes a conversation as the model was trained
/// on it.
///
/// The program is run by a small interpreter: templates of one family differ in white space, in
/// trimming and in the place of the end-of-text token. The result is that of transformers'
/// `apply_chat_template`, or an error.
public struct ChatTemplate: Sendable {
  /// The system message that the template adds to a conversation without one, if it does.
  public let defaultSystemMessage: String?
  /// Whether the template accepts a system message and outputs it.
  public let supportsSystemMessage: Bool
  /// The text after a finished reply of the model, which begins with the token that ends its turn,
  /// such as `<|im_end|>`. Empty if nothing follows.
  public let endOfAnswer: String

  private let program: TemplateProgram

  /// Writes a conversation as the model was trained on it.
  ///
  /// Contents are inserted as they are, also where they hold the spelling of a special token, as
  /// transformers does.
  ///
  /// - Parameters:
  ///   - addGenerationPrompt: whether the beginning of a reply of the model follows.
  ///   - date: the date that templates can refer to.
  /// - Returns: the text, to be encoded with special tokens parsed and none added.
  /// - Throws: `ChatTemplateError`; `.refused` if the template does not allow such a conversation.
  public func render(
    _ messages: [ChatMessage], addGenerationPrompt: Bool, date: Date = Date()
  ) throws(ChatTemplateError) -> String {
    try program.run(messages, addGenerationPrompt: addGenerationPrompt, date: date)
  }

  // The behaviour of a template is determined by running it: its source can be written in many ways.
  // Words that no template contains, to be found again in its output.
  private static let question = "Qx7mQ"
  private static let answer = "Ax7mA"
  private static let instruction = "Sx7mS"

  /// Parses a model's chat template and determines its behaviour.
  /// - Parameter namedTokens: the texts of special tokens by the names that templates have for them,
  ///   such as `bos_token`.
  /// - Throws: `ChatTemplateError`, also if the template cannot be run on a single question.
  public init(
    _ source: String, namedTokens: [String: String]
  ) throws(ChatTemplateError) {
    program = TemplateProgram(
      statements: try TemplateParser.parse(source), namedTokens: namedTokens)
    let user = ChatMessage(role: .user, content: Self.question)
    let plain = try program.runUnlessRefused([user], addGenerationPrompt: true) ?? ""
    let system = ChatMessage(role: .system, content: Self.instruction)
    let instructed = try program.runUnlessRefused([system, user], addGenerationPrompt: true) ?? ""

    let parts = PythonText.split(instructed, by: Self.instruction)
    supportsSystemMessage = parts.count == 2
    defaultSystemMessage =
      parts.count == 2 ? Self.middle(of: plain, between: parts[0], and: parts[1]) : nil

    let reply = ChatMessage(role: .assistant, content: Self.answer)
    let answered = try program.runUnlessRefused([user, reply], addGenerationPrompt: false) ?? ""
    endOfAnswer = PythonText.split(answered, by: Self.answer).dropFirst().first ?? ""
  }

  /// The text between a beginning and an end, if `text` has both and the rest is not empty.
  private static func middle(of text: String, between start: String, and end: String) -> String? {
    guard text.utf8.count > start.utf8.count + end.utf8.count,
      PythonText.starts(text, with: start), PythonText.ends(text, with: end)
    else { return nil }
    let middle = Array(text.utf8).dropFirst(start.utf8.count).dropLast(end.utf8.count)
    return String(decoding: middle, as: UTF8.self)
  }
}
