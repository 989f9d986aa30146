import Foundation

/// What a template does, found out by trying: its text alone would not tell, since the same words
/// can be put together in many ways.
struct TemplateBehavior {
  /// The family that it belongs to.
  let format: ChatTemplate.Format
  /// The system message that it adds.
  let defaultSystemMessage: String?
  /// Whether it puts a system message out.
  let supportsSystemMessage: Bool
  /// What follows an answer.
  let endOfAnswer: String

  // Words that no template holds, to be found again in its output.
  private static let question = "Qx7mQ"
  private static let answer = "Ax7mA"
  private static let instruction = "Sx7mS"

  /// Tries `program` on short conversations.
  ///
  /// - Throws: `ChatTemplateError` if it fails on a single question, or its output is of no
  ///   known format.
  init(of program: TemplateProgram) throws(ChatTemplateError) {
    let user = ChatMessage(role: .user, content: Self.question)
    let plain = try program.run([user], addGenerationPrompt: true, date: Date())
    let system = ChatMessage(role: .system, content: Self.instruction)
    let instructed = try Self.refusable { () throws(ChatTemplateError) in
      try program.run([system, user], addGenerationPrompt: true, date: Date())
    }
    guard PythonText.contains(plain, Self.question),
      let format = Self.format(
        plain: plain, instructed: instructed ?? "", eosToken: program.eosToken)
    else { throw .unrecognised(output: plain) }
    self.format = format

    let parts = PythonText.split(instructed ?? "", by: Self.instruction)
    supportsSystemMessage = parts.count == 2
    defaultSystemMessage =
      parts.count == 2 ? Self.middle(of: plain, between: parts[0], and: parts[1]) : nil

    let reply = ChatMessage(role: .assistant, content: Self.answer)
    let answered = try Self.refusable { () throws(ChatTemplateError) in
      try program.run([user, reply], addGenerationPrompt: false, date: Date())
    }
    endOfAnswer = PythonText.split(answered ?? "", by: Self.answer).dropFirst().first ?? ""
  }

  /// The text, or nothing if the template refuses such a conversation.
  private static func refusable(
    _ body: () throws(ChatTemplateError) -> String
  ) throws(ChatTemplateError) -> String? {
    do {
      return try body()
    } catch .refused {
      return nil
    }
  }

  private static func format(
    plain: String, instructed: String, eosToken: String?
  ) -> ChatTemplate.Format? {
    let markers: [(ChatTemplate.Format, [String])] = [
      (.chatML, ["<|im_start|>user", "<|im_end|>"]),
      (.llama3, ["<|start_header_id|>user<|end_header_id|>", "<|eot_id|>"]),
      // Others have these names too, but another token after the message.
      (.zephyr, ["<|user|>", question + (eosToken ?? "</s>"), "<|assistant|>"]),
      (.mistral, ["[INST]", "[/INST]"]),
    ]
    let found = markers.first { $0.1.allSatisfy { PythonText.contains(plain, $0) } }?.0
    let hasSystemMark = PythonText.contains(instructed, "<<SYS>>")
    return found == .mistral && hasSystemMark ? .llama2 : found
  }

  /// What stands in `text` between a beginning and an end, if it has both and is not empty.
  private static func middle(of text: String, between start: String, and end: String) -> String? {
    guard text.utf8.count > start.utf8.count + end.utf8.count,
      PythonText.starts(text, with: start), PythonText.ends(text, with: end)
    else { return nil }
    let middle = Array(text.utf8).dropFirst(start.utf8.count).dropLast(end.utf8.count)
    return String(decoding: middle, as: UTF8.self)
  }
}
