import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Passes of several decoders are planned before any is run, run in a shuffled order and committed in
/// another: each text is what its decoder generates alone, to the last bit of the logits.
@Suite struct PlanCommitTests {
  /// A decoder of any kind, as the sequence of its passes.
  struct AnyRun<Model: CausalLanguageModel> {
    var decoder: any Decoder
    let prompt: [TokenID]
    let stop: StopRules
    var tokens: [TokenID] = []
    var logits: [[UInt32]] = []
    var output: PassOutput?

    var isDone: Bool {
      tokens.count >= stop.maximumTokens || decoder.text.count > decoder.contextLimit
        || tokens.last.map(stop.endTokens.contains) == true
    }

    mutating func take(_ accepted: Accepted) {
      tokens += accepted.tokens
      logits += accepted.logitRows.map { accepted.logits.row($0).map(\.bitPattern) }
    }

    /// Generates the whole text alone.
    mutating func runAlone() throws {
      take(try decoder.start(prompt: prompt))
      while !isDone { take(try decoder.step(stop: stop)) }
    }
  }

  static func run(_ request: PassRequest, _ decoder: inout some Decoder) throws -> PassOutput {
    PassOutput(
      logits: try decoder.model.forward(request, cache: &decoder.cache), milliseconds: 1)
  }

  /// Plain and lookahead decoding, greedy and sampled, each with a prompt and sizes of its own.
  static func runs<Model: CausalLanguageModel>(
    _ model: Model, prompts: [[TokenID]], maximumTokens: Int,
    using generator: inout SeededGenerator
  ) throws -> [AnyRun<Model>] {
    let sampling = try SamplingConfiguration(temperature: 0.9, topP: 0.95, seed: generator.next())
    func selector(_ isSampled: Bool) -> SamplingSelector {
      isSampled ? SamplingSelector(sampling) : SamplingSelector(processors: [], choice: .largest)
    }
    return try prompts.enumerated().map { index, prompt in
      let isSampled = index % 2 == 1
      let chunk = Int.random(in: 1...20, using: &generator)
      let limit = min(
        model.contextLength,
        prompt.count + maximumTokens + Int.random(in: -9...30, using: &generator))
      let decoder: any Decoder =
        if index % 4 < 2 {
          try AutoregressiveDecoder(
            model: model, selector: selector(isSampled), contextLimit: limit, prefillChunk: chunk)
        } else {
          try LookaheadDecoder(
            model: model, selector: selector(isSampled),
            configuration: LookaheadConfiguration(
              windowSize: Int.random(in: 0...5, using: &generator),
              ngramSize: Int.random(in: 2...6, using: &generator),
              candidatesPerToken: Int.random(in: 0...5, using: &generator),
              schedule: Bool.random(using: &generator) ? .automatic : .fixed,
              seed: generator.next()),
            contextLimit: limit, prefillChunk: chunk)
        }
      return AnyRun(
        decoder: decoder, prompt: prompt,
        stop: StopRules(
          endTokens: Bool.random(using: &generator) ? [] : [2], maximumTokens: maximumTokens))
    }
  }

  static func compare<Model: CausalLanguageModel>(
    _ model: Model, prompts: [[TokenID]], maximumTokens: Int, seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var together = try runs(
      model, prompts: prompts, maximumTokens: maximumTokens, using: &generator)
    var alone = together
    for index in alone.indices { try alone[index].runAlone() }

    for index in together.indices {
      try together[index].decoder.begin(prompt: together[index].prompt)
    }
    while true {
      // Not all take part in every round.
      let active = together.indices.filter { !together[$0].isDone }
      if active.isEmpty { break }
      let chosen = active.filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
      var requests: [Int: PassRequest] = [:]
      for index in chosen {
        // A plan that is not run is replaced by the next.
        if Int.random(in: 0..<5, using: &generator) == 0 { _ = try together[index].decoder.plan() }
        requests[index] = try together[index].decoder.plan()
      }
      for index in chosen.shuffled(using: &generator) {
        guard let request = requests[index] else { continue }
        together[index].output = try run(request, &together[index].decoder)
      }
      for index in chosen.shuffled(using: &generator) {
        guard let output = together[index].output else { continue }
        let stop = together[index].stop
        together[index].take(try together[index].decoder.commit(output, stop: stop))
      }
    }
    for (found, expected) in zip(together, alone) {
      #expect(found.tokens == expected.tokens, "seed \(seed)")
      #expect(found.logits == expected.logits, "seed \(seed)")
      #expect(found.decoder.text == expected.decoder.text)
    }
  }

  @Test("On the scripted model, over thousands of steps", arguments: UInt64(0)..<60)
  func scripted(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let model = ScriptedModel(seed: seed, vocabularySize: Int.random(in: 2...20, using: &generator))
    let prompts = (0..<4).map { _ in
      (0..<Int.random(in: 1...60, using: &generator)).map { _ in
        Int.random(in: 0..<model.vocabularySize, using: &generator)
      }
    }
    try Self.compare(model, prompts: prompts, maximumTokens: 40, seed: seed)
  }

  @Test("On the fixture model", arguments: UInt64(0)..<8)
  func fixture(seed: UInt64) throws {
    let prompts = try TestPrompts.tinyLlama()
    try Self.compare(
      TestModels.tinyLlama.get(),
      prompts: (0..<4).map { prompts[(Int(seed) + $0) % prompts.count] },
      maximumTokens: 20, seed: seed)
  }

  @Test(
    "On SmolLM2",
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"))
  func realModel() throws {
    let prompts = [[1, 4093, 198], [1, 504, 1605, 314], [1, 22007, 2], [1, 28, 28, 28]]
    try Self.compare(TestModels.smolLM2.get(), prompts: prompts, maximumTokens: 10, seed: 1)
  }

  @Test("A request is data: any caller can run the planned pass")
  func requests() throws {
    let script = RepeatingScript(seed: 1)
    var decoder = try script.decoder(3, 4, 3)
    _ = try decoder.start(prompt: script.prompt)
    let request = try decoder.plan()
    #expect(request.cachedCount == decoder.cache.count)
    #expect(
      request.positions.count == request.tokens.count
        && request.mask.queries == request.tokens.count)
    // Another process: the same tokens read into a cache of its own.
    var cache = script.model.makeCache()
    _ = try script.model.forward(
      PassRequest(causal: script.prompt, cachedCount: 0, logitRows: []), cache: &cache)
    try cache.keep(newRows: Array(script.prompt.indices))
    let theirs = try script.model.forward(request, cache: &cache)
    let ours = try script.model.forward(request, cache: &decoder.cache)
    #expect(theirs == ours)
  }

  @Test("Only the output of a planned pass can be committed")
  func misuse() throws {
    let script = RepeatingScript(seed: 1)
    let stop = StopRules(endTokens: [], maximumTokens: 5)
    let nothing = PassOutput(logits: Matrix(rows: 0, columns: 20))
    for isPlain in [true, false] {
      var decoder: any Decoder =
        isPlain
        ? try AutoregressiveDecoder(model: script.model, selector: GreedySelector())
        : try script.decoder(3, 4, 3)
      #expect(throws: LookaheadError.emptyPrompt) { try decoder.plan() }
      #expect(throws: LookaheadError.noPlannedPass) { try decoder.commit(nothing, stop: stop) }
      _ = try decoder.start(prompt: script.prompt)
      #expect(throws: LookaheadError.noPlannedPass) { try decoder.commit(nothing, stop: stop) }
      let request = try decoder.plan()
      #expect(
        throws: LookaheadError.wrongOutput(expected: request.logitRows.count, found: 0)
      ) { try decoder.commit(nothing, stop: stop) }
      // The plan is still there.
      let output = try Self.run(request, &decoder)
      #expect(try decoder.commit(output, stop: stop).tokens.first == script.text[1])
    }
  }
}
