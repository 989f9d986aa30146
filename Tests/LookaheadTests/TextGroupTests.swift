import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Texts that are decoded together are those that they are alone, to the last bit of their logits.
struct TextGroupTests {
  private typealias Setting = LosslessnessTests.Setting

  /// Random texts of a model, each with a setting of its own.
  private struct Texts<Model: CausalLanguageModel> {
    let model: Model
    let prompts: [[TokenID]]
    let settings: [Setting]
    let stop: StopRules
    /// Places: as many decoders, each with the setting of that index.
    let atOnce: Int
    let isPlain: Bool
    let temperature: Float

    init(_ model: Model, _ generator: inout SeededGenerator, endTokens: Set<TokenID> = []) {
      self.model = model
      let count = Int.random(in: 1...7, using: &generator)
      atOnce = Int.random(in: 1...5, using: &generator)
      settings = (0..<atOnce).map { _ in
        Setting(&generator, contextLength: model.contextLength)
      }
      prompts = (0..<count).map { _ in
        (0..<Int.random(in: 1...40, using: &generator)).map { _ in
          TokenID.random(in: 0..<model.vocabularySize, using: &generator)
        }
      }
      stop = StopRules(
        endTokens: endTokens, maximumTokens: Int.random(in: 1...30, using: &generator))
      isPlain = Int.random(in: 0..<4, using: &generator) == 0
      temperature = Bool.random(using: &generator) ? 0 : 0.8
    }

    private func decoder(_ setting: Setting) throws -> any Decoder<Model> {
      let selector = SamplingSelector(try SamplingConfiguration(temperature: temperature, seed: 5))
      if isPlain {
        return try AutoregressiveDecoder(
          model: model, selector: selector, prefillChunk: setting.chunk)
      }
      return try LookaheadDecoder(
        model: model, selector: selector, configuration: setting.configuration,
        memory: setting.learns ? DraftMemory() : nil, prefillChunk: setting.chunk)
    }

    func check(_ name: String) throws {
      var group = TextGroup(model: model, decoders: try settings.map(decoder))
      var logits = [[[Float]]](repeating: [], count: prompts.count)
      var results: [Int: GenerationResult] = [:]
      try group.generate(prompts, stop: stop) { index, event in
        switch event {
        case .accepted(let accepted):
          logits[index] += accepted.logitRows.map { Array(accepted.logits.row($0)) }
        case .finished(let result): results[index] = result
        case .failed(let error): Issue.record("\(name), text \(index): \(error)")
        }
        return .proceed
      }
      #expect(results.count == prompts.count, "\(name)")
      for (index, prompt) in prompts.enumerated() {
        var alone = try AutoregressiveDecoder(
          model: model,
          selector: SamplingSelector(
            try SamplingConfiguration(temperature: temperature, seed: 5)))
        let expected = try LosslessnessTests.run(&alone, prompt, stop)
        #expect(results[index]?.tokens == expected.result.tokens, "\(name), text \(index)")
        #expect(results[index]?.finishReason == expected.result.finishReason, "\(name)")
        #expect(logits[index] == expected.logits, "\(name), text \(index)")
      }
    }
  }

  @Test("On the scripted model, for 200 random groups", arguments: 0..<200)
  func scripted(seed: Int) throws {
    var generator = SeededGenerator(seed: 7_000 + UInt64(seed))
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: Int.random(in: 2...20, using: &generator))
    let endTokens = Set((0..<seed % 3).map { _ in Int.random(in: 0...30, using: &generator) })
    try Texts(model, &generator, endTokens: endTokens).check("seed \(seed)")
  }

  @Test("On the fixture model, for 60 random groups, either cache", arguments: 0..<60)
  func fixture(seed: Int) throws {
    var generator = SeededGenerator(seed: 8_000 + UInt64(seed))
    let model =
      seed % 3 == 0 ? try TestModels.tinyLlamaFloat16.get() : try TestModels.tinyLlama.get()
    try Texts(model, &generator, endTokens: [0, 2]).check("seed \(seed)")
  }

  @Test(
    "With products in integers, for 20 random groups of each",
    arguments: [MatrixProductPath.int16, .int8], 0..<20)
  func integers(path: MatrixProductPath, seed: Int) throws {
    let files = ["quantised-q4_0", "quantised-q8_0", "quantised-k", "quantised-small"]
    var generator = SeededGenerator(seed: 9_000 + UInt64(seed))
    let model = try TestModels.model("gguf/\(files[seed % files.count]).gguf", path: path)
    try Texts(model, &generator).check("\(path), seed \(seed)")
  }

  @Test("On a model of each family", arguments: FamilyFixture.families)
  func families(family: String) throws {
    for fixture in try FamilyFixture.all(family).prefix(6) {
      var generator = SeededGenerator(seed: 10_000 + UInt64(fixture.index))
      let model = try LlamaModel(
        fixture.checkpoint(.bfloat16), path: .exact, on: Executor(threadCount: 2))
      // The shortest contexts of these models have 64 positions.
      try Texts(model, &generator).check("\(fixture)")
    }
  }

  @Test("A prompt that cannot be read is an event, and the others are made")
  func badPrompt() throws {
    let model = ScriptedModel(seed: 1)
    let decoders = try (0..<2).map { _ in
      try AutoregressiveDecoder(model: model, selector: GreedySelector())
    }
    var group = TextGroup(model: model, decoders: decoders)
    var failed: [Int] = []
    var finished: [Int] = []
    let prompts = [[], [1, 2], [TokenID](repeating: 1, count: model.contextLength + 1), [3]]
    try group.generate(prompts, stop: StopRules(endTokens: [], maximumTokens: 4)) { index, event in
      switch event {
      case .accepted: break
      case .finished: finished.append(index)
      case .failed: failed.append(index)
      }
      return .proceed
    }
    #expect(failed.sorted() == [0, 2] && finished.sorted() == [1, 3])
  }

  @Test("Fewer passes than texts have tokens: they share them")
  func shares() throws {
    let model = ScriptedModel(seed: 2)
    let decoders = try (0..<4).map { _ in
      try AutoregressiveDecoder(model: model, selector: GreedySelector())
    }
    var group = TextGroup(model: model, decoders: decoders)
    try group.generate(
      Array(repeating: [1, 2, 3], count: 8), stop: StopRules(endTokens: [], maximumTokens: 10)
    ) { _, _ in .proceed }
    #expect(group.passes == 20)
    // Of each text nine steps, and a prompt of three tokens, of which the second text of a place finds
    // two in the cache.
    #expect(group.rows == 4 * (3 + 9) + 4 * (1 + 9))
  }
}
