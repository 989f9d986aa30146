import Foundation

@testable import Llama

/// A chat template, then a zero byte and the contents of a message.
enum ChatTemplateTarget {
  static func read(_ input: [UInt8]) throws {
    let parts = input.parts(2).map { String(decoding: $0, as: UTF8.self) }
    let program = TemplateProgram(
      statements: try TemplateParser.parse(parts[0]),
      namedTokens: ["bos_token": "<s>", "eos_token": "</s>"])
    let messages = [
      ChatMessage(role: .system, content: "Be brief."),
      ChatMessage(role: .user, content: parts[1]),
      ChatMessage(role: .assistant, content: " <think>\n</think>yes\n"),
      ChatMessage(role: .user, content: "aé\u{301}🦊"),
    ]
    _ = try program.run(messages, addGenerationPrompt: true, date: Date(timeIntervalSince1970: 0))
    _ = try ChatTemplate(parts[0], namedTokens: ["bos_token": "<s>", "eos_token": "</s>"])
  }
}
