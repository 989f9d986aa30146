import Foundation
import Llama
import Lookahead
import Session
import TestSupport
import Testing

/// README's samples, as a caller without access to what is internal writes them.
@Suite struct ReadmeSampleTests {
  @Test("The sample of README answers as transformers does")
  func sample() throws {
    let path = FixturePath.path("tiny-llama")
    // README begins here.
    let session = try TextSession(path: path)  // a GGUF file or a Hugging Face folder
    let story = try session.generate(.raw("Once upon a time there was a duck."))
    print(story.text, story.result.tokensPerPass)
    // README ends here.
    let goldens = try TestPrompts.greedyGolden("tiny-llama/greedy.json").prompts
    let golden = try #require(goldens.first { $0.name == "raw-story" })
    #expect(story.prompt == golden.promptIDs)
    #expect(story.result.tokens.count > 30)
    #expect(
      story.result.tokens == Array(golden.outputIDs.prefix(story.result.tokens.count)))
  }

  @Test("README's sample of a conversation answers as plain decoding with the same seed does")
  func conversation() async throws {
    let session = try SessionFixture.session()
    var texts: [String] = [""]
    func print(_ text: String) { texts[texts.count - 1] += text }
    // README begins here.
    var settings = try SessionSettings(
      sampling: SamplingConfiguration(temperature: 0.7, topP: 0.9, seed: 7))
    settings.stopStrings = ["\n\n"]
    let chat = try TextSession(session.opened, model: session.model, settings: settings)
      .conversation(system: "You answer in one sentence.")
    print(try chat.answer("Tell me a story about a fox.").text)
    for try await event in try chat.stream("What does the bear eat?") {
      if case .text(let piece) = event { print(piece) }
    }
    // README ends here.
    settings.lookahead = nil
    let plain = try TextSession(session.opened, model: session.model, settings: settings)
      .conversation(system: "You answer in one sentence.")
    let expected = try ["Tell me a story about a fox.", "What does the bear eat?"].map {
      try plain.answer($0).text
    }
    #expect(texts == [expected.joined()] && !texts[0].contains("\n\n"))
    #expect(chat.messages == plain.messages && chat.answers == 2)
  }

  @Test("README's drafter has lines of a file accepted, and the text stays that of plain decoding")
  func drafter() throws {
    let session = try SessionFixture.session()
    let tokenizer = try session.opened.requiredTokenizer()
    var settings = try SessionFixture.settings()
    settings.lookahead = try LookaheadConfiguration(
      windowSize: 0, ngramSize: 6, candidatesPerToken: 4, poolSources: [])
    let plain = try session.generate(.raw("Once upon a time there was a duck."))
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "No line of the story.\n" + plain.text + "\nNor this.", to: "lines.txt")
    // README begins here.
    struct LineDrafter: Drafter {
      let lines: [[TokenID]]

      func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
        var tree = CandidateTree()
        for line in lines {
          // Where the text ends in three tokens of the line, the rest of the line may follow.
          for end in line.indices.dropFirst(3)
          where text.suffix(3).elementsEqual(line[end - 3..<end]) {
            let rest = line[end...].prefix(budget.length)
            tree.insert(rest, origin: DraftOrigin("lines"), probability: 0.8)
          }
        }
        return tree
      }
    }
    // README ends here.
    // README begins here.
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    settings.drafter = LineDrafter(
      lines: lines.map {
        tokenizer.encode(String($0), addSpecialTokens: false, parseSpecialTokens: false)
      })
    // README ends here.
    let drafted = try TextSession(session.opened, model: session.model, settings: settings)
      .generate(.raw("Once upon a time there was a duck."))
    #expect(drafted.result.tokens == plain.result.tokens)
    #expect(drafted.result.statistics.acceptedDrafts[DraftOrigin("lines")] ?? 0 > 5)
    #expect(drafted.result.tokensPerPass > 1.2)
  }

  @Test("README has the samples word for word")
  func verbatim() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let readme = try String(contentsOfFile: FixturePath.root + "/../README.md", encoding: .utf8)
    let parts = source.components(separatedBy: "    // README begins here.\n").dropFirst()
    let samples = parts.compactMap {
      $0.components(separatedBy: "    // README ends here.").first
    }
    #expect(samples.count == 4)
    for sample in samples {
      let lines = sample.split(separator: "\n", omittingEmptySubsequences: false)
      let text = lines.dropLast().map { $0.dropFirst(4) }.joined(separator: "\n")
      #expect(readme.contains("```swift\n\(text)\n```\n"), "\(text)")
    }
  }
}
