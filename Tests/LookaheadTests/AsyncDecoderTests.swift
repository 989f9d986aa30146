import Foundation
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct AsyncDecoderTests {
  static let prompt = "Once upon a time there was a duck."

  static func decoder(chunk: Int = 4) throws -> (
    LookaheadDecoder<LlamaModel, GreedySelector>, Tokenizer, [TokenID]
  ) {
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let decoder = try LookaheadDecoder(
      model: TestModels.tinyLlama.get(), selector: GreedySelector(),
      configuration: LookaheadConfiguration(windowSize: 5, ngramSize: 4, candidatesPerToken: 5),
      prefillChunk: chunk)
    let prompt = tokenizer.encode(
      prompt, addSpecialTokens: false, parseSpecialTokens: false)
    return (decoder, tokenizer, prompt)
  }

  @Test("The events are the progress, the tokens, the text and the result of a generation")
  func events() async throws {
    var (decoder, tokenizer, prompt) = try Self.decoder()
    let stop = StopRules(
      endTokens: [], maximumTokens: 50,
      stopStrings: try StopStrings(["pond"], tokenizer: tokenizer))
    let stream = AsyncDecoder(decoder, tokenizer: tokenizer)
    var read: [Int] = []
    var tokens: [TokenID] = []
    var text = ""
    var result: GenerationResult?
    for try await event in stream.generate(prompt: prompt, stop: stop) {
      #expect(result == nil)
      switch event {
      case .prompt(let progress):
        #expect(progress.total == prompt.count && tokens.isEmpty)
        read.append(progress.read)
      case .tokens(let settled): tokens += settled
      case .text(let piece):
        #expect(!piece.isEmpty)
        text += piece
      case .finished(let found): result = found
      }
    }
    let expected = try decoder.generate(prompt: prompt, stop: stop)
    #expect(tokens == expected.tokens && result?.tokens == expected.tokens)
    #expect(result?.statistics == expected.statistics)
    #expect(text == OutputText.text(of: tokens, tokenizer, stopStrings: stop.stopStrings))
    #expect(read.first == 0 && read.last == prompt.count && read.count > 3)
    #expect(read == read.sorted())
  }

  @Test("Texts keep the cache, so a later prompt reads only what is new")
  func conversation() async throws {
    let (decoder, _, prompt) = try Self.decoder()
    let stream = AsyncDecoder(decoder)
    let stop = StopRules(endTokens: [], maximumTokens: 10)
    var tokens: [TokenID] = []
    for try await event in stream.generate(prompt: prompt, stop: stop) {
      if case .finished(let result) = event { tokens = result.tokens }
    }
    var first: Int?
    for try await event in stream.generate(prompt: prompt + tokens + [5], stop: stop) {
      if case .prompt(let progress) = event, first == nil { first = progress.read }
    }
    #expect(first == prompt.count + tokens.count - 1)
  }

  /// Chooses greedily, and from a position on waits until its task is cancelled, ten minutes at
  /// the most: other tests may hold all threads for long.
  struct Waiting: TokenSelector {
    let position: Int

    func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
      let end = ContinuousClock.now + .seconds(600)
      while prefix.count >= position, !Task.isCancelled, ContinuousClock.now < end {
        Thread.sleep(forTimeInterval: 0.001)
      }
      return try GreedySelector().select(from: logits, row: row, after: prefix)
    }
  }

  @Test("Cancelling the task that reads ends the text after the running pass")
  func cancellation() async throws {
    let model = ScriptedModel(seed: 3)
    let prompt = [1, 2, 3]
    let decoder = try AutoregressiveDecoder(
      model: model, selector: Waiting(position: prompt.count + 5))
    let stream = AsyncDecoder(decoder)
    let reader = Task {
      var tokens: [TokenID] = []
      let endless = StopRules(endTokens: [], maximumTokens: 400)
      for try await event in stream.generate(prompt: prompt, stop: endless) {
        if case .tokens(let settled) = event { tokens += settled }
        if tokens.count == 5 { withUnsafeCurrentTask { $0?.cancel() } }
      }
      return tokens
    }
    let tokens = try await reader.value
    #expect(tokens == model.continuation(of: prompt, count: 5))
    // One pass was running; the tokens up to there are in the cache.
    let longer = prompt + model.continuation(of: prompt, count: 50)
    var cached: Int?
    for try await event in stream.generate(
      prompt: Array(longer.prefix(prompt.count + 7)),
      stop: StopRules(endTokens: [], maximumTokens: 1))
    {
      if case .prompt(let progress) = event, cached == nil { cached = progress.read }
      if case .prompt(let progress) = event, progress.read == progress.total { break }
    }
    #expect(cached == prompt.count + 5)
  }

  @Test("Errors come out of the sequence")
  func errors() async throws {
    let (decoder, _, _) = try Self.decoder()
    let events = AsyncDecoder(decoder).generate(
      prompt: [], stop: StopRules(endTokens: [], maximumTokens: 5))
    await #expect(throws: LookaheadError.emptyPrompt) { for try await _ in events {} }
  }
}
