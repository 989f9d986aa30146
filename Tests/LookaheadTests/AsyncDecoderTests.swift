import Foundation
import Llama
import Synchronization
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
      case .tokens(let accepted): tokens += accepted
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

  /// Chooses greedily, counts the choices, and from a position on waits for a permission, at most half
  /// an hour: other tests may use all cores for long.
  final class Waiting: TokenSelector {
    let position: Int
    private let permission = Atomic<Bool>(false)
    private let choices = Atomic<Int>(0)

    init(position: Int) { self.position = position }

    /// Tokens chosen so far.
    var count: Int { choices.load(ordering: .sequentiallyConsistent) }

    func permit() { permission.store(true, ordering: .sequentiallyConsistent) }

    func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
      choices.add(1, ordering: .sequentiallyConsistent)
      let end = ContinuousClock.now + .seconds(1_800)
      while prefix.count >= position, !permission.load(ordering: .sequentiallyConsistent) {
        try #require(ContinuousClock.now < end, "the permission did not come")
        Thread.sleep(forTimeInterval: 0.001)
      }
      return try GreedySelector().select(from: logits, row: row, after: prefix)
    }
  }

  private static let prompt3 = [1, 2, 3]

  private func endless(_ count: Int = 400) -> StopRules {
    StopRules(endTokens: [], maximumTokens: count)
  }

  /// After a cancelled text: the tokens of a longer prompt that are in the cache.
  private func cachedTokens(_ stream: AsyncDecoder, _ model: ScriptedModel) -> Int {
    let longer = Self.prompt3 + model.continuation(of: Self.prompt3, count: 50)
    return stream.withDecoder { $0.cachedTokens(of: longer) }
  }

  @Test("Cancelling the task that reads ends the text after the running pass")
  func cancellation() async throws {
    let model = ScriptedModel(seed: 3)
    let selector = Waiting(position: Self.prompt3.count + 5)
    let stream = AsyncDecoder(try AutoregressiveDecoder(model: model, selector: selector))
    let reader = Task {
      var tokens: [TokenID] = []
      for try await event in stream.generate(prompt: Self.prompt3, stop: endless()) {
        if case .tokens(let accepted) = event { tokens += accepted }
        if tokens.count == 5 { withUnsafeCurrentTask { $0?.cancel() } }
      }
      return tokens
    }
    let tokens = try await reader.value
    #expect(tokens == model.continuation(of: Self.prompt3, count: 5))
    // One pass was running; the tokens up to there are in the cache.
    selector.permit()
    #expect(cachedTokens(stream, model) == Self.prompt3.count + 5)
    #expect(selector.count == 6)
  }

  @Test("Releasing the reader ends the text after the running pass")
  func abandonment() async throws {
    let model = ScriptedModel(seed: 3)
    let selector = Waiting(position: Self.prompt3.count + 5)
    let stream = AsyncDecoder(try AutoregressiveDecoder(model: model, selector: selector))
    for try await event in stream.generate(prompt: Self.prompt3, stop: endless()) {
      if case .tokens = event { break }
    }
    selector.permit()
    #expect(cachedTokens(stream, model) <= Self.prompt3.count + 5)
    // The next text begins, and it ends.
    var tokens: [TokenID] = []
    for try await event in stream.generate(prompt: Self.prompt3, stop: endless(20)) {
      if case .tokens(let accepted) = event { tokens += accepted }
    }
    #expect(tokens == model.continuation(of: Self.prompt3, count: 20))
  }

  @Test("A paused reader bounds the number of passes, and misses no event")
  func backpressure() async throws {
    let model = ScriptedModel(seed: 3)
    let selector = Waiting(position: .max)
    let stream = AsyncDecoder(try AutoregressiveDecoder(model: model, selector: selector))
    var events = stream.generate(prompt: Self.prompt3, stop: endless()).makeAsyncIterator()
    var tokens: [TokenID] = []
    while tokens.isEmpty {
      if case .tokens(let accepted)? = try await events.next() { tokens += accepted }
    }
    // Until nothing more happens.
    var count = 0
    repeat {
      count = selector.count
      try await Task.sleep(for: .milliseconds(300))
    } while selector.count > count
    // Those that are read, those that wait, and the one whose event has no room.
    #expect(count <= 1 + AsyncDecoder.readAhead + 1, "\(count)")
    while let event = try await events.next() {
      if case .tokens(let accepted) = event { tokens += accepted }
    }
    #expect(tokens == model.continuation(of: Self.prompt3, count: 400))
    #expect(try await events.next() == nil)
  }

  @Test("As many texts as cores do not block the threads of other tasks")
  func otherTasks() async throws {
    let model = ScriptedModel(seed: 3)
    let selector = Waiting(position: Self.prompt3.count + 2)
    let count = ProcessInfo.processInfo.activeProcessorCount
    let texts = try (0..<count).map { _ in
      AsyncDecoder(try AutoregressiveDecoder(model: model, selector: selector))
        .generate(prompt: Self.prompt3, stop: endless(5))
    }
    // All texts are within a pass when this task asks for a thread.
    while selector.count < 3 * count { try await Task.sleep(for: .milliseconds(1)) }
    await Task.detached { selector.permit() }.value
    for text in texts {
      var tokens: [TokenID] = []
      for try await event in text {
        if case .tokens(let accepted) = event { tokens += accepted }
      }
      #expect(tokens == model.continuation(of: Self.prompt3, count: 5))
    }
  }

  @Test("Errors are thrown by the sequence")
  func errors() async throws {
    let (decoder, _, _) = try Self.decoder()
    let events = AsyncDecoder(decoder).generate(
      prompt: [], stop: StopRules(endTokens: [], maximumTokens: 5))
    await #expect(throws: LookaheadError.emptyPrompt) { for try await _ in events {} }
  }
}
