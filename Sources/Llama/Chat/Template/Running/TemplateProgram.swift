import Foundation

/// A parsed template and the tokens that it refers to.
struct TemplateProgram: Sendable {
  var statements: [TemplateStatement]
  /// The texts of special tokens by the names that the template has for them, such as `bos_token`.
  var namedTokens: [String: String]

  /// Runs the template, with the names that transformers defines for it.
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
    for (name, text) in namedTokens { names[name] = .string(text) }
    // The limits allow several passes over the messages and their texts; a template that needs more
    // is not a chat template.
    let contents = messages.reduce(256 * messages.count) { $0 + $1.content.utf8.count }
    var interpreter = TemplateInterpreter(
      names: names, stepLimit: 100_000 + 1_000 * messages.count,
      textLimit: 1 << 20 + min(contents, 1 << 50) * 64, date: date)
    try interpreter.run(statements)
    return interpreter.output
  }

  /// As `run`, but nil if the template does not allow such a conversation.
  func runUnlessRefused(
    _ messages: [ChatMessage], addGenerationPrompt: Bool
  ) throws(ChatTemplateError) -> String? {
    do {
      return try run(messages, addGenerationPrompt: addGenerationPrompt, date: Date())
    } catch .refused {
      return nil
    }
  }
}
