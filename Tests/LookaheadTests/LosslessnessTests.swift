import Foundation
import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Lookahead decoding returns the result of plain decoding for any W, N, G and other options.
@Suite struct LosslessnessTests {
  /// One random setting; printed by a failing test.
  struct Setting: CustomStringConvertible, Sendable {
    let windowSize: Int
    let ngramSize: Int
    let candidates: Int
    let policy: LookaheadConfiguration.Policy
    let layout: LookaheadConfiguration.CandidateLayout
    let sources: LookaheadConfiguration.PoolSources
    let seed: UInt64
    let chunk: Int
    let contextLimit: Int
    let maximumTokens: Int
    let promptCount: Int
    let learns: Bool

    init(_ generator: inout SeededGenerator, contextLength: Int) {
      policy =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: .lade
        case 1: .paper
        default: .standard
        }
      let fewest = policy == .standard ? 0 : 1
      let shortest = policy == .lade ? 3 : 2
      windowSize = Int.random(in: fewest...16, using: &generator)
      ngramSize = Int.random(in: shortest...8, using: &generator)
      candidates = Int.random(in: fewest...16, using: &generator)
      let bits = Int.random(in: 0...15, using: &generator)
      let ofLade: LookaheadConfiguration.PoolSources =
        bits % 2 == 0 ? .window : [.window, .prompt, .output]
      sources =
        switch policy {
        case .lade: ofLade
        case .paper: .window
        case .standard: .init(bits: bits)
        }
      layout = policy != .standard || Bool.random(using: &generator) ? .separate : .tree
      seed = generator.next()
      chunk = [1, 7, 64, 512].randomElement(using: &generator) ?? 1
      promptCount = Int.random(in: 1...60, using: &generator)
      learns = seed % 2 == 0
      maximumTokens = Int.random(in: 1...60, using: &generator)
      // Sometimes the context ends before the text does.
      contextLimit =
        Bool.random(using: &generator)
        ? contextLength : promptCount + Int.random(in: 1...30, using: &generator)
    }

    var configuration: LookaheadConfiguration {
      get throws {
        try LookaheadConfiguration(
          windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates,
          poolSources: sources, policy: policy, candidateLayout: layout, seed: seed)
      }
    }

    var description: String {
      "\(policy), \(layout), W \(windowSize), N \(ngramSize), G \(candidates), "
        + "sources \(sources.map(\.name).sorted()), seed \(seed), chunk \(chunk), "
        + "context \(contextLimit), \(maximumTokens) tokens after \(promptCount)"
        + (learns ? ", learning" : "")
    }
  }

  /// Tokens, logits rows and statistics of a run.
  static func run<D: Decoder>(
    _ decoder: inout D, _ prompt: [TokenID], _ stop: StopRules
  ) throws -> (result: GenerationResult, logits: [[Float]], text: [TokenID]) {
    var logits: [[Float]] = []
    let result = try decoder.generate(prompt: prompt, stop: stop) { accepted in
      #expect(accepted.tokens.count == accepted.logitRows.count)
      logits += accepted.logitRows.map { Array(accepted.logits.row($0)) }
      return .proceed
    }
    return (result, logits, decoder.text)
  }

  static func compare<Model: CausalLanguageModel>(
    _ model: Model, _ prompt: [TokenID], _ setting: Setting, endTokens: Set<TokenID> = []
  ) throws {
    let stop = StopRules(endTokens: endTokens, maximumTokens: setting.maximumTokens)
    var plain = try AutoregressiveDecoder(
      model: model, selector: GreedySelector(), contextLimit: setting.contextLimit)
    var lookahead = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: setting.configuration,
      earlierTexts: [prompt, Array(prompt.reversed())],
      memory: setting.learns ? DraftMemory() : nil, contextLimit: setting.contextLimit,
      prefillChunk: setting.chunk)
    let expected = try run(&plain, prompt, stop)
    let found = try run(&lookahead, prompt, stop)
    #expect(found.result.tokens == expected.result.tokens, "\(setting)")
    #expect(found.logits == expected.logits, "\(setting)")
    #expect(found.result.finishReason == expected.result.finishReason, "\(setting)")
    #expect(found.text == prompt + expected.result.tokens)
    #expect(expected.result.tokensPerPass == 1)
    #expect(found.result.passes <= expected.result.passes)
    #expect(found.result.tokens.count <= setting.ngramSize * found.result.passes)
  }

  @Test("On the scripted model, for 400 random settings", arguments: 0..<400)
  func scripted(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: Int.random(in: 2...20, using: &generator))
    let setting = Setting(&generator, contextLength: model.contextLength)
    let prompt = (0..<setting.promptCount).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    // Often one end token, sometimes several, sometimes none.
    let endTokens = Set((0..<seed % 3).map { _ in Int.random(in: 0...30, using: &generator) })
    try Self.compare(model, prompt, setting, endTokens: endTokens)
  }

  @Test("On the scripted model plain decoding is the script")
  func plainIsTheScript() throws {
    let model = ScriptedModel(seed: 5)
    var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
    let found = try plain.generate(
      prompt: [1, 2, 3], stop: StopRules(endTokens: [], maximumTokens: 80))
    #expect(found.tokens == model.continuation(of: [1, 2, 3], count: 80))
  }

  @Test(
    "On the fixture model, for 200 random settings, to the last bit of the logits",
    arguments: 0..<200)
  func fixture(seed: Int) throws {
    try Self.compare(TestModels.tinyLlama.get(), seed: seed)
  }

  @Test("With a float16 cache, for 80 random settings, to the last bit", arguments: 200..<280)
  func float16Cache(seed: Int) throws {
    try Self.compare(TestModels.tinyLlamaFloat16.get(), seed: seed)
  }

  @Test(
    "With products in integers, for 80 random settings of each, to the last bit",
    arguments: [MatrixProductPath.int16, .int8], 300..<380)
  func integers(path: MatrixProductPath, seed: Int) throws {
    let files = ["quantised-q4_0", "quantised-q8_0", "quantised-k", "quantised-small"]
    var generator = SeededGenerator(seed: 3_000 + UInt64(seed))
    let model = try TestModels.model("gguf/\(files[seed % files.count]).gguf", path: path)
    let setting = Setting(&generator, contextLength: model.contextLength)
    let prompt = (0..<setting.promptCount).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    try Self.compare(model, prompt, setting)
  }

  @Test(
    "On models of every family, twenty shapes and settings each, to the last bit",
    arguments: FamilyFixture.families)
  func families(family: String) throws {
    for fixture in try FamilyFixture.all(family) {
      var generator = SeededGenerator(seed: 4_000 + UInt64(fixture.index))
      let model = try LlamaModel(
        fixture.checkpoint(.bfloat16), path: .exact, on: Executor(threadCount: 1))
      let setting = Setting(&generator, contextLength: model.contextLength)
      let prompt = (0..<min(setting.promptCount, 20)).map { _ in
        Int.random(in: 0..<model.vocabularySize, using: &generator)
      }
      try Self.compare(model, prompt, setting)
    }
  }

  /// One random setting on a form of the fixture model.
  private static func compare(_ model: LlamaModel, seed: Int) throws {
    var generator = SeededGenerator(seed: 1_000 + UInt64(seed))
    let prompts = try TestPrompts.tinyLlama()
    let prompt = prompts[seed % prompts.count]
    let setting = Setting(&generator, contextLength: model.contextLength)
    let start = Int.random(in: 0..<max(1, prompt.count - setting.promptCount), using: &generator)
    let part = Array(prompt[start..<min(prompt.count, start + setting.promptCount)])
    try compare(model, part, setting, endTokens: seed % 2 == 0 ? [0, 2] : [])
  }

  @Test(
    "On the reference in Double, for random settings", arguments: ["tiny-llama3", "tiny-f16"],
    0..<12)
  func reference(folder: String, seed: Int) throws {
    var generator = SeededGenerator(seed: 2_000 + UInt64(seed))
    let model = try TestModels.reference(folder)
    let setting = Setting(&generator, contextLength: model.contextLength)
    let prompt = (0..<setting.promptCount).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    try Self.compare(model, prompt, setting)
  }

  @Test("A conversation that keeps its cache says what one without a cache says")
  func conversation() throws {
    let model = try TestModels.tinyLlama.get()
    let prompts = try TestPrompts.tinyLlama()
    let stop = StopRules(endTokens: [0, 2], maximumTokens: 30)
    let configuration = try LookaheadConfiguration()
    var kept = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: configuration, prefillChunk: 16)
    var text: [TokenID] = []
    for prompt in prompts.prefix(4) {
      text += prompt
      var fresh = try AutoregressiveDecoder(model: model, selector: GreedySelector())
      let expected = try Self.run(&fresh, text, stop)
      let found = try Self.run(&kept, text, stop)
      #expect(found.result.tokens == expected.result.tokens)
      #expect(found.logits == expected.logits)
      text += expected.result.tokens
    }
    // A prompt that shares only its beginning with what is cached.
    let other = Array(text.prefix(25)) + prompts[5]
    var fresh = try AutoregressiveDecoder(model: model, selector: GreedySelector())
    #expect(try Self.run(&kept, other, stop).logits == Self.run(&fresh, other, stop).logits)
  }
}

extension LookaheadConfiguration.PoolSources {
  /// The origins whose bits are set.
  init(bits: Int) {
    self.init(DraftOrigin.builtIn.enumerated().filter { bits >> $0.offset & 1 == 1 }.map(\.element))
  }
}
