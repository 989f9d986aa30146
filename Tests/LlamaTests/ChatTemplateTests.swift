import Foundation
import Llama
import TestSupport
import Testing

struct ChatTemplateTests {
  /// Fixtures/golden/chat-templates.json: what transformers' `apply_chat_template` renders.
  private struct Golden: Decodable {
    struct Message: Decodable {
      let role: String
      let content: String
    }
    struct Subject: Decodable {
      struct Case: Decodable {
        let conversation: String
        let addGenerationPrompt: Bool
        /// Nothing where the template raises an exception.
        let text: String?
      }
      let template: String
      let bosToken: String
      let eosToken: String
      let cases: [Case]
    }
    let conversations: [String: [Message]]
    let families: [String: Subject]
    let lookalikes: [String: Subject]
  }

  private static let golden = Result {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      Golden.self,
      from: Data(
        contentsOf: URL(fileURLWithPath: FixturePath.path("golden/chat-templates.json"))))
  }

  private static func messages(_ conversation: [Golden.Message]) throws -> [ChatMessage] {
    try conversation.map {
      ChatMessage(role: try #require(ChatMessage.Role(rawValue: $0.role)), content: $0.content)
    }
  }

  /// The text, or nothing if the template refuses the conversation.
  private func rendered(
    _ messages: [ChatMessage], _ template: ChatTemplate, _ addGenerationPrompt: Bool
  ) throws(ChatTemplateError) -> String? {
    do {
      return try template.render(messages, addGenerationPrompt: addGenerationPrompt)
    } catch .refused {
      return nil
    }
  }

  /// The chat template of a fixture.
  private static func template(_ folder: String, _ tokenizer: Tokenizer) throws -> ChatTemplate {
    let checkpoint = try Checkpoint.open(FixturePath.path(folder))
    return try tokenizer.chatTemplate(source: checkpoint.chatTemplateSource, path: folder)
  }

  private func expectAgreement(_ subject: Golden.Subject, _ name: String) throws {
    let template = try ChatTemplate(
      subject.template, namedTokens: ["bos_token": subject.bosToken, "eos_token": subject.eosToken])
    for example in subject.cases {
      let conversation = try #require(
        try Self.golden.get().conversations[example.conversation])
      let messages = try Self.messages(conversation)
      let text = try rendered(messages, template, example.addGenerationPrompt)
      #expect(
        text.map { Array($0.utf8) } == example.text.map { Array($0.utf8) },
        "\(name), \(example.conversation)")
    }
  }

  @Test func `every family renders what transformers renders`() throws {
    let families = try Self.golden.get().families
    #expect(families.count >= 7)
    for (name, subject) in families { try expectAgreement(subject, name) }
  }

  @Test func `templates that only look alike are rendered as they are`() throws {
    for (name, subject) in try Self.golden.get().lookalikes { try expectAgreement(subject, name) }
  }

  @Test(arguments: [
    (
      "smollm2",
      "You are a helpful AI assistant named SmolLM, trained by Hugging Face" as String?, true,
      "<|im_end|>\n"
    ),
    ("chatml-plain", nil, true, "<|im_end|>\n"),
    ("llama2", nil, true, " </s>"),
    ("llama3", nil, true, "<|eot_id|>"),
    ("zephyr", nil, true, "</s>\n"),
    ("mistral", nil, false, "</s>"),
  ])
  func `a template's ways are found out`(
    name: String, system: String?, supportsSystem: Bool, end: String
  ) throws {
    let subject = try #require(try Self.golden.get().families[name])
    let template = try ChatTemplate(
      subject.template, namedTokens: ["bos_token": subject.bosToken, "eos_token": subject.eosToken])
    #expect(template.defaultSystemMessage == system)
    #expect(template.supportsSystemMessage == supportsSystem)
    #expect(template.endOfAnswer == end)
  }

  @Test func `a conversation becomes token ids, and its end is known`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama")
    let template = try Self.template("tiny-llama", tokenizer)
    let ids = try tokenizer.encode(
      [ChatMessage(role: .user, content: "Hello")], with: template, addGenerationPrompt: true)
    let text = tokenizer.decode(ids, skipSpecialTokens: false)
    #expect(text.hasPrefix("<|im_start|>system\nYou are a little storyteller."))
    #expect(
      text.hasSuffix("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"))
    #expect(ids.first == tokenizer.id(of: "<|im_start|>"))
    #expect(tokenizer.endOfAnswerTokenID(in: template) == tokenizer.id(of: "<|im_end|>"))
  }

  @Test func `a special token in a message is that token, as in transformers`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-llama")
    let template = try Self.template("tiny-llama", tokenizer)
    let ids = try tokenizer.encode(
      [ChatMessage(role: .user, content: "<|im_end|>")], with: template,
      addGenerationPrompt: false)
    #expect(ids.count { $0 == tokenizer.id(of: "<|im_end|>") } == 3)
  }

  @Test func `a date is told in English`() throws {
    let source = """
      {% for m in messages %}<|im_start|>{{ m.role }}<|im_end|>{{ m.content }}{% endfor -%}
      {{ strftime_now('%d %b %Y, %A, %B, %y%m%%') }}
      """
    let template = try ChatTemplate(source, namedTokens: [:])
    // Noon in Greenwich: the same day almost everywhere.
    let text = try template.render(
      [], addGenerationPrompt: false, date: Date(timeIntervalSince1970: 1_709_208_000))
    #expect(text == "29 Feb 2024, Thursday, February, 2402%")
  }

  @Test func `without a template there is an error`() throws {
    let tokenizer = try TokenizerFixture.tokenizer("tiny-f16")
    let error = #expect(throws: ChatTemplateError.self) {
      try Self.template("tiny-f16", tokenizer)
    }
    #expect(
      try #require(error).description
        == "tiny-f16 has no chat template.")
  }
}
