import Llama
import Lookahead
import Session
import TestSupport
import Testing

struct TextSessionTests {
  private static let story = Prompt.message("Tell me a story about a fox.")

  @Test(arguments: [Prompt.raw("Once upon a time"), story, .ids([1, 5, 6])])
  func `lookahead and plain decoding make the same text`(prompt: Prompt) throws {
    let fast = try SessionFixture.session().generate(prompt)
    let plain = try SessionFixture.session { $0.lookahead = nil }.generate(prompt)
    #expect(fast.result.tokens == plain.result.tokens && fast.text == plain.text)
    #expect(fast.prompt == plain.prompt && fast.reusedTokens == 0)
    #expect(plain.result.tokensPerPass == 1)
  }

  @Test func `a text ends after an end token, before a stop string, or at the limit`() throws {
    let question = Prompt.message("What does the bear eat?")
    let whole = try SessionFixture.session().generate(question)
    let count = whole.result.tokens.count
    #expect(whole.result.finishReason == .stop && count > 5)
    let short = try SessionFixture.session { $0.maximumTokens = 5 }.generate(question)
    #expect(short.result.finishReason == .length)
    #expect(short.result.tokens == Array(whole.result.tokens.prefix(5)))
    let long = try SessionFixture.session {
      ($0.ignoresEndTokens, $0.maximumTokens) = (true, count + 3)
    }.generate(question)
    #expect(long.result.tokens.starts(with: whole.result.tokens))
    #expect(long.result.tokens.count == count + 3)
    let story = try SessionFixture.session().generate(Self.story)
    let cut = try SessionFixture.session { $0.stopStrings = ["fox"] }.generate(Self.story)
    #expect(cut.result.finishReason == .stop)
    #expect(story.text.hasPrefix(cut.text + "fox") && !cut.text.contains("fox"))
  }

  @Test func `a later text reads only what is new`() throws {
    let session = try SessionFixture.session()
    let first = try session.generate(.ids([1, 5, 6]))
    let prompt = first.prompt + first.result.tokens + [7]
    let second = try session.generate(.ids(prompt))
    #expect(second.reusedTokens == prompt.count - 2)
    let fresh = try SessionFixture.session().generate(.ids(prompt))
    #expect(second.result.tokens == fresh.result.tokens)
  }

  @Test func `a caller can cancel a text and the reading of a prompt`() throws {
    let session = try SessionFixture.session()
    let cut = try session.generate(Self.story, onTokens: { _ in .cancel })
    #expect(cut.result.finishReason == .cancelled && !cut.result.tokens.isEmpty)
    let unread = try session.generate(
      .raw("Once upon a time"), onProgress: { _ in throw CancellationError() })
    #expect(unread.result.finishReason == .cancelled && unread.result.tokens.isEmpty)
    #expect(try session.generate(Self.story).text.hasPrefix(cut.text))
  }

  @Test func `a stream gives the same text piece by piece`() async throws {
    let session = try SessionFixture.session()
    let expected = try session.generate(Self.story)
    var text = ""
    for try await event in try session.stream(Self.story) {
      if case .text(let piece) = event { text += piece }
    }
    #expect(text == expected.text)
    // A reader that goes away leaves the session usable.
    for try await event in try session.stream(Self.story) { if case .tokens = event { break } }
    #expect(try session.generate(Self.story).text == expected.text)
  }

  @Test func `an empty prompt is refused`() throws {
    let session = try SessionFixture.session()
    #expect(throws: LookaheadError.emptyPrompt) { try session.generate(.ids([])) }
  }
}
