import Llama
import Lookahead
import Synchronization
import TestSupport
import Testing

@testable import Oracle

/// Models that keep their promise, and the scripted model with mistakes in mask, position and cache.
struct VerifierTests {
  /// A mistake of the scripted model in passes of more than so many rows.
  private static func scripted(
    _ seed: UInt64 = 0, keep: @escaping @Sendable ([Int]) -> [Int] = { $0 },
    tamper: @escaping @Sendable (inout ScriptedModel.Pass) -> Void = { _ in }
  ) -> ScriptedModel {
    ScriptedModel(seed: seed, vocabularySize: 5, tamperPass: tamper, tamperKeep: keep)
  }

  @Test func `on the scripted model all settings give what plain decoding gives`() throws {
    let plan = try VerificationFixture.plan(choice: .sample(count: 300, seed: 4))
    var verifier = Verifier { _ in Self.scripted() }
    let found = try verifier.verify(plan)
    #expect(found.areAllRunsEqual && found.counterExample == nil)
    #expect(found.tally.runs == 300 && found.tally.tokens == 300 * 24)
    #expect(found.tally.logits == 5 * found.tally.rows)
    #expect(found.tally.guessedTokens > 300 && found.tally.largestPass > 20)
    // The automatic schedule, too, has passes with guesses: drawn times make some of them pay.
    let automatic = try VerificationFixture.plan(
      space: SettingSpace(
        candidateCounts: [9], policies: [.standard], schedules: [.automatic],
        instructionSets: [.best], weights: [.stored]))
    let sizes = try verifier.verify(automatic).tally
    #expect(sizes.guessedTokens > 100)
    #expect(sizes.largestPass > 5)
  }

  @Test func `drawn tokens are the same too, and the digest is that of the rows`() throws {
    let plan = try VerificationFixture.plan(
      sampling: SamplingConfiguration(temperature: 0.9, topP: 0.95, seed: 11),
      choice: .sample(count: 60, seed: 1))
    let model = try TestModels.tinyLlama.get()
    var verifier = Verifier { _ in model }
    let found = try verifier.verify(plan)
    #expect(found.areAllRunsEqual && found.tally.runs == 60)
    var decoder = try AutoregressiveDecoder(
      model: model, selector: SamplingSelector(plan.sampling))
    var digest = LogitsDigest()
    _ = try decoder.generate(
      prompt: VerificationFixture.repeating,
      stop: StopRules(endTokens: [], maximumTokens: 24)
    ) {
      digest.append($0)
      return .proceed
    }
    #expect(found.prompts[0].logitsSha256 == digest.hexDigest)
    #expect(found.logitsSHA256 == digest.hexDigest)
  }

  @Test func `a wrong mask cell in larger passes is found and shrunk to where it begins`() throws {
    let model = Self.scripted(tamper: { pass in
      if pass.tokens.count > 6, pass.cached.count > 0 { pass.visible[0][0] = false }
    })
    var verifier = Verifier { _ in model }
    let found = try verifier.verify(VerificationFixture.plan())
    #expect(!found.areAllRunsEqual)
    let example = try #require(found.counterExample)
    let smallest = try #require(found.smallestCase)
    #expect(example.isSmallest && example.isRepeatable)
    #expect(7...9 ~= example.pass?.rows ?? 0)
    #expect(example.maximumTokens == example.difference.index + 1)
    #expect(example.prompt.count < VerificationFixture.repeating.count)
    #expect(example.setting.execution == ExecutionSetting())
    #expect(try VerificationFixture.differs(smallest, on: model))
    #expect(try VerificationFixture.smallerFailures(than: smallest, on: model).isEmpty)
  }

  @Test func `a stale cache row is found`() throws {
    let model = Self.scripted(keep: { $0.count > 1 && $0.count < 5 ? Array($0.indices) : $0 })
    var verifier = Verifier { _ in model }
    let found = try verifier.verify(VerificationFixture.plan())
    let smallest = try #require(found.smallestCase)
    #expect(found.counterExample?.isSmallest == true)
    #expect(smallest.setting.lookahead != nil)
    #expect(try VerificationFixture.smallerFailures(than: smallest, on: model).isEmpty)
  }

  @Test func `a fault of some threads is not blamed on sizes`() throws {
    var loaded: [ExecutionSetting] = []
    var verifier = Verifier { execution in
      loaded.append(execution)
      return execution.threads == 1
        ? Self.scripted() : Self.scripted(tamper: { $0.visible[0][0] = false })
    }
    let found = try verifier.verify(VerificationFixture.plan())
    let example = try #require(found.counterExample)
    #expect(example.setting.lookahead == nil && example.setting.prefillChunk == nil)
    #expect(example.setting.execution == ExecutionSetting(threads: 2))
    #expect(example.maximumTokens == 1 || example.prompt.count == 1)
    // Nothing was loaded twice for the plan itself.
    #expect(loaded.prefix(2) == [ExecutionSetting(), ExecutionSetting(threads: 2)])
  }

  @Test(arguments: [0, 1, 7]) func `cancelled, it says what was equal by then`(after count: Int)
    throws
  {
    var verifier = Verifier { _ in Self.scripted() }
    let found = try verifier.verify(VerificationFixture.plan()) { progress in
      if case .run(_, _, let number, _) = progress, number > count { return .cancel }
      return .proceed
    }
    #expect(!found.areAllRunsEqual && found.counterExample == nil)
    #expect(found.tally.runs == count && found.equalRuns.count == count)
    #expect(found.prompts.map(\.runs) == [count])
  }

  @Test func `cancelled while a prompt is decoded plainly, it has nothing`() throws {
    var verifier = Verifier { _ in Self.scripted() }
    let found = try verifier.verify(VerificationFixture.plan()) { _ in .cancel }
    #expect(found.prompts.isEmpty && found.tally == VerificationTally())
    #expect(found.logitsSHA256 == LogitsDigest().hexDigest)
  }

  @Test func `a prompt that cannot be decoded plainly is an error, not a difference`() throws {
    let plan = try VerificationFixture.plan(prompt: Array(repeating: 1, count: 600))
    var verifier = Verifier { _ in Self.scripted() }
    #expect(throws: LookaheadError.promptTooLong(tokens: 600, contextLength: 512)) {
      try verifier.verify(plan)
    }
  }
}
