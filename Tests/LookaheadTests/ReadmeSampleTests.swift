import Foundation
import Llama
import Lookahead
import Tensor
import TestSupport
import Testing

/// README's sample, as a caller without access to what is internal writes it.
@Suite struct ReadmeSampleTests {
  @Test("The sample of README answers as transformers does")
  func sample() throws {
    let (path, text) = (FixturePath.path("tiny-llama"), "Once upon a time there was a duck.")
    // README begins here.
    let checkpoint = try Checkpoint.open(path)  // a GGUF file or a Hugging Face folder
    guard let tokenizer = try checkpoint.makeTokenizer() else { return }
    let model = try LlamaModel(checkpoint, path: .exact, on: Executor(threadCount: 2))
    let prompt = tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: false)
    let stop = StopRules(endTokens: Set(checkpoint.configuration.eosTokenIDs), maximumTokens: 64)
    let sizes = try LookaheadConfiguration(windowSize: 5, ngramSize: 4, candidatesPerToken: 5)
    var decoder = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: sizes)
    let result = try decoder.generate(prompt: prompt, stop: stop)
    print(tokenizer.decode(result.tokens, skipSpecialTokens: true), result.tokensPerPass)
    // README ends here.
    let goldens = try TestPrompts.greedyGolden("tiny-llama/greedy.json").prompts
    let golden = try #require(goldens.first { $0.name == "raw-story" })
    #expect(prompt == golden.promptIDs)
    #expect(result.tokens == Array(golden.outputIDs.prefix(64)))
    #expect(result.passes < result.tokens.count)
  }

  @Test("README has the sample word for word")
  func verbatim() throws {
    let lines = try String(contentsOfFile: #filePath, encoding: .utf8).components(separatedBy: "\n")
    let begin = try #require(lines.firstIndex { $0.hasSuffix("// README begins here.") })
    let end = try #require(lines.firstIndex { $0.hasSuffix("// README ends here.") })
    let sample = lines[begin + 1..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
    #expect(try Document("README.md").text.contains("\n\(sample)\n```\n"), "\(sample)")
  }
}
