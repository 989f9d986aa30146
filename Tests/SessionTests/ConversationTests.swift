import Llama
import Lookahead
import Session
import TestSupport
import Testing

struct ConversationTests {
  private static let questions = [
    "Tell me a story about a fox.", "What does the bear eat?", "Who are you?",
  ]

  @Test func `later turns reuse the cache and answer as if all were read`() throws {
    let conversation = try SessionFixture.session { $0.maximumTokens = 60 }.conversation()
    var previous: GeneratedText?
    for (index, question) in Self.questions.enumerated() {
      let answer = try conversation.answer(question)
      if let previous {
        let known = previous.prompt + previous.result.tokens
        #expect(answer.prompt.starts(with: known))
        // The last token of an answer was not read yet.
        #expect(answer.reusedTokens == known.count - 1)
      }
      let stop = try conversation.session.settings.stopRules(
        for: conversation.session.opened, isChat: true)
      let fresh = try SessionFixture.session().generate(answer.prompt, stop: stop)
      #expect(answer.result.tokens == fresh.result.tokens)
      #expect(conversation.answers == index + 1)
      #expect(conversation.messages.count == 2 * (index + 1))
      #expect(conversation.messages.last?.content == answer.text)
      previous = answer
    }
  }

  @Test func `a reset begins anew with the same system message`() throws {
    let conversation = try SessionFixture.session().conversation(system: "You are a fox.")
    let first = try conversation.answer(Self.questions[0])
    conversation.reset()
    #expect(conversation.messages.map(\.role) == [.system])
    let second = try conversation.answer(Self.questions[0])
    #expect(second.prompt == first.prompt && second.result.tokens == first.result.tokens)
    #expect(conversation.answers == 2)
  }

  @Test func `a cancelled answer counts as far as it came, a cancelled reading does not`() throws {
    let conversation = try SessionFixture.session().conversation()
    let turn = try conversation.turn(Self.questions[0])
    _ = try conversation.answer(turn, onProgress: { _ in throw CancellationError() })
    #expect(conversation.messages.isEmpty && conversation.answers == 0)
    let cut = try conversation.answer(turn, onTokens: { _ in .cancel })
    #expect(conversation.messages.last?.content == cut.text)
    #expect(try !conversation.answer(Self.questions[1]).text.isEmpty)
  }

  @Test func `what comes after a stop string is not remembered`() throws {
    let conversation = try SessionFixture.session { $0.stopStrings = ["fox"] }.conversation()
    let answer = try conversation.answer(Self.questions[0])
    #expect(conversation.messages.last?.content == answer.text && !answer.text.contains("fox"))
  }

  @Test func `a streamed answer becomes part of the conversation`() async throws {
    let conversation = try SessionFixture.session().conversation()
    var text = ""
    for try await event in try conversation.stream(Self.questions[0]) {
      if case .text(let piece) = event { text += piece }
    }
    #expect(conversation.messages.map(\.content) == [Self.questions[0], text])
    let plain = try SessionFixture.session { $0.lookahead = nil }.conversation()
    #expect(try plain.answer(Self.questions[0]).text == text)
  }

  @Test func `a conversation too long for the context is refused and stays as it was`() throws {
    let conversation = try SessionFixture.session { $0.contextLimit = 60 }.conversation()
    _ = try conversation.answer("hi")
    let messages = conversation.messages
    let long = Array(repeating: "fox", count: 100).joined(separator: " ")
    #expect {
      try conversation.answer(long)
    } throws: {
      guard case .conversationTooLong(let tokens, 60)? = $0 as? SessionError else { return false }
      return tokens >= 60
    }
    #expect(conversation.messages == messages && !conversation.isFull)
  }
}
