import TestSupport
import Testing

@testable import Llama

/// SmolLM2's tokenizer, from its GGUF file.
@Suite(.enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
struct RealTokenizerTests {
  @Test("Its ids and texts are those of Hugging Face tokenizers on 1,300 strings")
  func golden() throws {
    let checkpoint = try Checkpoint.open(try #require(TestModels.smolLM2Path))
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    try TokenizerGolden.expectAgreement(tokenizer, with: "smollm2")
  }

  @Test("Its chat template has the default system message of transformers")
  func chatTemplate() throws {
    let checkpoint = try Checkpoint.open(try #require(TestModels.smolLM2Path))
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    let template = try tokenizer.chatTemplate(
      source: checkpoint.chatTemplateSource, path: checkpoint.path)
    #expect(
      template.defaultSystemMessage
        == "You are a helpful AI assistant named SmolLM, trained by Hugging Face")
    let prompt = try TestPrompts.greedyGolden("smollm2/greedy-hf.json").prompts[0]
    // The golden's first prompt, as transformers put it through the template.
    let text = tokenizer.decode(prompt.promptIDs, skipSpecialTokens: false)
    let question = try #require(
      text.split(separator: "<|im_start|>user\n").last?.split(separator: "<|im_end|>").first)
    let ids = try tokenizer.encode(
      [ChatMessage(role: .user, content: String(question))], with: template,
      addGenerationPrompt: true)
    #expect(ids == prompt.promptIDs)
  }
}
