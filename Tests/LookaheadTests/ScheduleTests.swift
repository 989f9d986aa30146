import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The text cannot depend on the schedule.
@Suite struct ScheduleTests {
  /// A clock that jumps at random, backwards too.
  private static func randomClock(seed: UInt64) -> PassClock {
    final class Source: @unchecked Sendable {
      private let lock = NSLock()
      private var generator: SeededGenerator
      init(seed: UInt64) { generator = SeededGenerator(seed: seed) }
      func next() -> Double {
        lock.withLock { Double.random(in: 0...100, using: &generator) }
      }
    }
    let source = Source(seed: seed)
    return PassClock { source.next() }
  }

  private static func compare<Model: CausalLanguageModel>(
    _ model: Model, _ prompt: [TokenID], seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let stop = StopRules(
      endTokens: seed % 2 == 0 ? [] : [2], maximumTokens: Int.random(in: 1...90, using: &generator))
    // Sometimes the context ends before the text does.
    let limit =
      seed % 3 == 0
      ? min(model.contextLength, prompt.count + Int.random(in: 1...40, using: &generator)) : nil
    let points = [2, 4, 9, 17].map {
      StepCost.Point(
        rows: $0, ratio: Double.random(in: 1...2, using: &generator),
        weight: Double.random(in: 1...20, using: &generator))
    }
    let cost = seed % 4 == 0 ? nil : StepCost(level: 50, points: points)
    var plain = try AutoregressiveDecoder(
      model: model, selector: GreedySelector(), contextLimit: limit)
    var lookahead = try LookaheadDecoder(
      model: model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: Int.random(in: 0...6, using: &generator),
        ngramSize: Int.random(in: 2...9, using: &generator),
        candidatesPerToken: Int.random(in: 0...20, using: &generator),
        candidateLayout: Bool.random(using: &generator) ? .tree : .separate,
        schedule: .automatic, seed: generator.next()),
      memory: seed % 5 == 0 ? nil : DraftMemory(), contextLimit: limit,
      stepCost: cost ?? StepCost(), clock: randomClock(seed: seed))
    let expected = try LosslessnessTests.run(&plain, prompt, stop)
    let found = try LosslessnessTests.run(&lookahead, prompt, stop)
    #expect(found.result.tokens == expected.result.tokens, "seed \(seed)")
    #expect(found.logits == expected.logits, "seed \(seed)")
    #expect(found.result.finishReason == expected.result.finishReason, "seed \(seed)")
    // Once more, with what was learnt and another end.
    let longer = prompt + found.result.tokens
    if longer.count + 5 < lookahead.contextLimit {
      let stop = StopRules(endTokens: [], maximumTokens: 5)
      var fresh = try AutoregressiveDecoder(
        model: model, selector: GreedySelector(), contextLimit: limit)
      let expected = try LosslessnessTests.run(&fresh, longer, stop)
      let found = try LosslessnessTests.run(&lookahead, longer, stop)
      #expect(found.logits == expected.logits, "seed \(seed)")
    }
  }

  @Test("On the scripted model, with arbitrary clocks", arguments: UInt64(0)..<200)
  func scripted(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let model = ScriptedModel(
      seed: seed, vocabularySize: Int.random(in: 2...20, using: &generator))
    let prompt = (0..<Int.random(in: 1...60, using: &generator)).map { _ in
      Int.random(in: 0..<model.vocabularySize, using: &generator)
    }
    try Self.compare(model, prompt, seed: seed)
  }

  @Test("On the fixture model, to the last bit of the logits", arguments: UInt64(0)..<40)
  func fixture(seed: UInt64) throws {
    let prompts = try TestPrompts.tinyLlama()
    let prompt = prompts[Int(seed) % prompts.count]
    try Self.compare(TestModels.tinyLlama.get(), prompt, seed: seed)
  }

  @Test("With these clocks the window is added and dropped, and sizes differ from pass to pass")
  func changes() throws {
    let script = RepeatingScript(seed: 1)
    var (windowRows, candidateRows): (Set<Int>, Set<Int>) = ([], [])
    for seed in UInt64(0)..<20 {
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(schedule: .automatic),
        clock: Self.randomClock(seed: seed))
      _ = try decoder.generate(
        prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: 300)
      ) { accepted in
        if let size = accepted.size {
          windowRows.insert(size.windowRows)
          candidateRows.insert(size.candidateRows)
        }
        return .proceed
      }
    }
    #expect(windowRows.contains(0) && windowRows.contains(5))
    #expect(candidateRows.count > 6)
  }

  @Test("Given sizes are fixed; without sizes the schedule is automatic")
  func defaults() throws {
    let (nothing, sized) = try (LookaheadConfiguration(), LookaheadConfiguration(windowSize: 3))
    #expect(nothing.schedule == .automatic && sized.schedule == .fixed)
    let lade = try LookaheadConfiguration(policy: .lade)
    #expect(lade.schedule == .fixed)
    let bounds = try LookaheadConfiguration(windowSize: 3, schedule: .automatic)
    #expect(bounds.ngramSize == 8)
    let fixed = try LookaheadConfiguration(schedule: .fixed)
    #expect(fixed.windowSize == 3 && fixed.ngramSize == 3 && fixed.candidatesPerToken == 3)
    #expect {
      try LookaheadConfiguration(policy: .lade, schedule: .automatic)
    } throws: { "\($0)" == "The policy lade has a fixed schedule." }
  }
}
