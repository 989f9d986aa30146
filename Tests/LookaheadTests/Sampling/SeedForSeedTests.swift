import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The same seed gives the same tokens and the same logits with and without lookahead.
@Suite struct SeedForSeedTests {
  /// Changes every logit by an amount that depends on every token of the prefix and where it
  /// stands, so that a processor that saw anything but the true prefix would change the text.
  struct PrefixNoise: LogitsProcessor {
    let strength: Float
    func process(_ logits: inout [Float], after prefix: TextPrefix) {
      var hash = UInt64(prefix.promptCount)
      for token in prefix { hash = SplitMix64.scrambled(hash ^ UInt64(token)) }
      var generator = SplitMix64(seed: hash)
      for token in logits.indices {
        logits[token] += Float.random(in: 0...strength, using: &generator)
      }
    }
  }

  /// Random processors, each present in about half of the cases.
  static func selector(_ generator: inout SeededGenerator, vocabularySize: Int) throws
    -> SamplingSelector
  {
    func maybe<Value>(_ value: Value, _ otherwise: Value) -> Value {
      Bool.random(using: &generator) ? value : otherwise
    }
    let token = Int.random(in: 0..<vocabularySize, using: &generator)
    let configuration = try SamplingConfiguration(
      temperature: [0, 0.1, 0.3, 0.7, 1, 2].randomElement(using: &generator) ?? 1,
      topK: maybe(Int.random(in: 1...vocabularySize, using: &generator), nil),
      topP: maybe(Double.random(in: 0.05...1, using: &generator), 1),
      minP: maybe(Double.random(in: 0...0.5, using: &generator), 0),
      repetitionPenalty: maybe(Float.random(in: 0.8...1.5, using: &generator), 1),
      frequencyPenalty: maybe(Float.random(in: -0.1...0.3, using: &generator), 0),
      presencePenalty: maybe(Float.random(in: -0.1...0.5, using: &generator), 0),
      penaltyWindow: maybe(Int.random(in: 0...40, using: &generator), nil),
      logitBias: maybe([token: [-.infinity, -1, 1].randomElement(using: &generator) ?? 0], [:]),
      seed: generator.next())
    var processors = configuration.processors
    if Int.random(in: 0..<4, using: &generator) == 0 {
      processors.insert(PrefixNoise(strength: 0.3), at: 0)
    }
    return SamplingSelector(processors: processors, choice: configuration.choice)
  }

  static func compare<Model: CausalLanguageModel>(
    _ model: Model, _ prompt: [TokenID], _ setting: LosslessnessTests.Setting,
    _ selector: SamplingSelector, stop: StopRules
  ) throws {
    var plain = try AutoregressiveDecoder(
      model: model, selector: selector, contextLimit: setting.contextLimit)
    var lookahead = try LookaheadDecoder(
      model: model, selector: selector, configuration: setting.configuration,
      contextLimit: setting.contextLimit, prefillChunk: setting.chunk)
    let expected = try LosslessnessTests.run(&plain, prompt, stop)
    let found = try LosslessnessTests.run(&lookahead, prompt, stop)
    let label = "\(setting), \(selector)"
    #expect(found.result.tokens == expected.result.tokens, "\(label)")
    #expect(found.logits == expected.logits, "\(label)")
    #expect(found.result.finishReason == expected.result.finishReason, "\(label)")
    #expect(found.text == expected.text, "\(label)")
    #expect(found.text == prompt + expected.result.tokens, "\(label)")
  }

  @Test("On the scripted model, for 300 random settings and processors", arguments: 0..<300)
  func scripted(seed: Int) throws {
    var generator = SeededGenerator(seed: 5_000 + UInt64(seed))
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: Int.random(in: 2...20, using: &generator))
    let setting = LosslessnessTests.Setting(&generator, contextLength: model.contextLength)
    let prompt = (0..<setting.promptCount).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    let selector = try Self.selector(&generator, vocabularySize: model.vocabularySize)
    let endTokens = Set((0..<seed % 3).map { _ in Int.random(in: 0...30, using: &generator) })
    try Self.compare(
      model, prompt, setting, selector,
      stop: StopRules(endTokens: endTokens, maximumTokens: setting.maximumTokens))
  }

  @Test(
    "On the fixture model, for 100 random settings, processors and stop strings", arguments: 0..<100
  )
  func fixture(seed: Int) throws {
    var generator = SeededGenerator(seed: 9_000 + UInt64(seed))
    let model = try TestModels.tinyLlama.get()
    let prompts = try TestPrompts.tinyLlama()
    let prompt = prompts[seed % prompts.count]
    let setting = LosslessnessTests.Setting(&generator, contextLength: model.contextLength)
    let selector = try Self.selector(&generator, vocabularySize: model.vocabularySize)
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let strings = [["ou"], [". The", "he"], ["once upon", "a t", ".\n"], []][seed % 4]
    let start = Int.random(in: 0..<max(1, prompt.count - setting.promptCount), using: &generator)
    try Self.compare(
      model, Array(prompt[start..<min(prompt.count, start + setting.promptCount)]), setting,
      selector,
      stop: StopRules(
        endTokens: seed % 2 == 0 ? [0, 2] : [], maximumTokens: setting.maximumTokens,
        stopStrings: try StopStrings(strings, tokenizer: tokenizer)))
  }

  @Test("Sampled passes accept several tokens too: repeating text is drafted and accepted")
  func acceptance() throws {
    let model = ScriptedModel(seed: 11, vocabularySize: 5)
    let selector = SamplingSelector(try SamplingConfiguration(temperature: 0.1, seed: 2))
    var decoder = try LookaheadDecoder(
      model: model, selector: selector,
      configuration: LookaheadConfiguration(windowSize: 3, ngramSize: 4, candidatesPerToken: 4))
    let result = try decoder.generate(
      prompt: [1, 2, 3], stop: StopRules(endTokens: [], maximumTokens: 100))
    #expect(result.tokensPerPass > 1.2)
  }
}
