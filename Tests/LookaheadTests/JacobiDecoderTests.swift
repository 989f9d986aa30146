import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Jacobi decoding returns the result of plain decoding for any block.
struct JacobiDecoderTests {
  /// One random setting; printed by a failing test.
  struct Setting: CustomStringConvertible {
    let configuration: JacobiConfiguration
    let chunk, maximumTokens, contextLimit: Int
    let sampling: SamplingConfiguration

    init(_ generator: inout SeededGenerator, prompt: Int, contextLength: Int) throws {
      configuration = try JacobiConfiguration(
        blockSize: .random(in: 1...24, using: &generator),
        block: .random(using: &generator) ? .refills : .shrinks, seed: generator.next())
      chunk = [1, 7, 64].randomElement(using: &generator) ?? 1
      maximumTokens = Int.random(in: 1...60, using: &generator)
      contextLimit =
        Bool.random(using: &generator)
        ? contextLength : prompt + Int.random(in: 1...30, using: &generator)
      sampling =
        Bool.random(using: &generator)
        ? try SamplingConfiguration()
        : try SamplingConfiguration(temperature: 0.8, topP: 0.9, repetitionPenalty: 1.1, seed: 5)
    }

    var description: String {
      "block of \(configuration.blockSize) that \(configuration.block), chunk \(chunk), \(maximumTokens) tokens, "
        + "context \(contextLimit), temperature \(sampling.temperature)"
    }
  }

  private func compare(
    _ model: some CausalLanguageModel, _ prompt: [TokenID], _ setting: Setting,
    ends: Set<TokenID> = []
  ) throws {
    let stop = StopRules(endTokens: ends, maximumTokens: setting.maximumTokens)
    let selector = SamplingSelector(setting.sampling)
    var plain = try AutoregressiveDecoder(
      model: model, selector: selector, contextLimit: setting.contextLimit)
    var jacobi = try JacobiDecoder(
      model: model, selector: selector, configuration: setting.configuration,
      contextLimit: setting.contextLimit, prefillChunk: setting.chunk)
    let expected = try LosslessnessTests.run(&plain, prompt, stop)
    let found = try LosslessnessTests.run(&jacobi, prompt, stop)
    #expect(found.result.tokens == expected.result.tokens, "\(setting)")
    #expect(found.logits == expected.logits, "\(setting)")
    #expect(found.result.finishReason == expected.result.finishReason, "\(setting)")
    #expect(found.text == prompt + expected.result.tokens)
    #expect(found.result.passes <= expected.result.passes)
  }

  @Test(arguments: 0..<200) func `on the scripted model`(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: Int.random(in: 2...20, using: &generator))
    let prompt = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    try compare(
      model, prompt,
      Setting(&generator, prompt: prompt.count, contextLength: model.contextLength),
      ends: Set((0..<seed % 3).map { _ in Int.random(in: 0...30, using: &generator) }))
  }

  @Test(
    arguments: [MatrixProductPath.exact, .int16, .int8], 0..<30)
  func `on fixture models, to the last bit`(_ path: MatrixProductPath, _ seed: Int) throws {
    var generator = SeededGenerator(seed: 500 + UInt64(seed))
    let model =
      path == .exact
      ? try TestModels.tinyLlama.get()
      : try TestModels.model("gguf/quantised-q4_0.gguf", path: path)
    let prompt = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    try compare(
      model, prompt,
      Setting(&generator, prompt: prompt.count, contextLength: model.contextLength))
  }

  /// With guesses that are all right but for the first a block is accepted in two passes.
  @Test func `a block comes to its fixed point`() throws {
    let model = ScriptedModel(seed: 4)
    var decoder = try JacobiDecoder(
      model: model, selector: GreedySelector(),
      configuration: JacobiConfiguration(blockSize: 8, block: .shrinks))
    let stop = StopRules(endTokens: [], maximumTokens: 100)
    _ = try decoder.start(prompt: [1, 2, 3])
    var sizes: [Int] = []
    var accepts: [Int] = []
    var accepted = 0
    while accepted < 40 {
      let request = try decoder.plan()
      sizes.append(request.tokens.count - 1)
      var cache = decoder.cache
      let logits = try model.forward(request, cache: &cache)
      decoder.cache = cache
      accepts.append(try decoder.commit(PassOutput(logits: logits), stop: stop).tokens.count)
      accepted += accepts.last ?? 0
    }
    // It begins with eight guesses, loses those that are accepted, and begins again when none is left.
    #expect(sizes.first == 8 && sizes.max() == 8)
    for (pass, pair) in zip(sizes, sizes.dropFirst()).enumerated() {
      let left = pair.0 + 1 - accepts[pass]
      #expect(pair.1 == (left == 0 ? 8 : left), "pass \(pass): \(sizes), \(accepts)")
    }
    #expect(
      decoder.text.dropFirst(3).elementsEqual(
        model.continuation(of: [1, 2, 3], count: accepted + 1)))
  }

  @Test func `a block has from 1 to 256 guesses`() {
    #expect(throws: LookaheadError.self) { try JacobiConfiguration(blockSize: 0) }
    #expect(throws: LookaheadError.self) { try JacobiConfiguration(blockSize: 257) }
  }
}
