import Lookahead
import Testing

@testable import Oracle

/// Grids and samples of settings.
struct VerificationPlanTests {
  private static let prompts = ["a", "b", "c"].map {
    VerificationPrompt(id: $0, tokens: [1, 2], endTokens: [])
  }

  private static func plan(
    _ space: SettingSpace, _ choice: VerificationPlan.Choice
  ) throws -> VerificationPlan {
    try VerificationPlan(
      prompts: prompts, maximumTokens: 8, sampling: SamplingConfiguration(), space: space,
      choice: choice)
  }

  /// One policy, one layout, one schedule.
  private static func small(
    _ windowSizes: [Int] = [0, 2], _ policies: [LookaheadConfiguration.Policy] = [.standard]
  ) -> SettingSpace {
    SettingSpace(
      windowSizes: windowSizes, ngramSizes: [3, 4], candidateCounts: [1], policies: policies,
      candidateLayouts: [.separate], schedules: [.fixed], prefillChunks: [2, nil],
      threadCounts: [1, 2], instructionSets: [.best], weights: [.stored])
  }

  @Test func `a grid has every setting with every prompt, but not the reference`() throws {
    let plan = try Self.plan(Self.small(), .grid)
    // Four sizes and plain decoding, two chunks, two thread counts, three prompts.
    #expect(plan.runs.count == (5 * 2 * 2 - 1) * 3)
    #expect(Set(plan.runs).count == plan.runs.count)
    #expect(!plan.runs.contains { $0.setting == RunSetting() })
    #expect(plan.impossible == 0)
  }

  @Test func `settings that the policy lade lacks are passed over and counted`() throws {
    let plan = try Self.plan(Self.small([0, 2], [.standard, .lade]), .grid)
    #expect(plan.impossible == 2 * 2 * 2)
    #expect(plan.runs.count == (7 * 2 * 2 - 1) * 3)
    #expect(
      !plan.runs.contains {
        $0.setting.lookahead?.policy == .lade && $0.setting.lookahead?.windowSize == 0
      })
  }

  @Test func `runs of one execution setting stand together, those of the reference first`() throws {
    for choice in [VerificationPlan.Choice.grid, .sample(count: 30, seed: 5)] {
      let executions = try Self.plan(Self.small(), choice).runs.map(\.setting.execution)
      let changes = zip(executions, executions.dropFirst()).filter { $0 != $1 }.count
      #expect(changes == 1)
      #expect(executions.first == ExecutionSetting())
    }
  }

  @Test func `a seed draws the same runs each time, another seed others`() throws {
    let draw = { (seed: UInt64) in
      try Self.plan(SettingSpace(), .sample(count: 100, seed: seed)).runs
    }
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
    let runs = try draw(1)
    #expect(runs.count == 100 && Set(runs).count == 100)
    #expect((0..<3).map { prompt in runs.count { $0.prompt == prompt } } == [34, 33, 33])
    let policies = runs.compactMap(\.setting.lookahead?.policy)
    #expect(13...35 ~= policies.count { $0 == .lade })
    #expect(policies.count < 100)
  }

  @Test func `policies other than standard share a quarter of the runs`() throws {
    var space = SettingSpace()
    space.policies = LookaheadConfiguration.Policy.allCases
    let runs = try Self.plan(space, .sample(count: 300, seed: 1)).runs
    for policy in [LookaheadConfiguration.Policy.paper, .lade] {
      #expect(15...75 ~= runs.count { $0.setting.lookahead?.policy == policy }, "\(policy)")
    }
  }

  @Test func `a space with fewer settings than runs gives all of them`() throws {
    let grid = try Self.plan(Self.small(), .grid)
    let sample = try Self.plan(Self.small(), .sample(count: 10_000, seed: 1))
    #expect(sample.runs.count <= grid.runs.count)
    #expect(Set(sample.runs.map(\.setting)) == Set(grid.runs.map(\.setting)))
  }

  @Test func `what cannot be is refused in a sentence`() throws {
    #expect(throws: LookaheadError.invalidSize(name: "window size W", found: -1, minimum: 0)) {
      try Self.plan(Self.small([-1]), .sample(count: 1, seed: 0))
    }
    #expect(throws: VerificationError.nothingPossible) {
      var space = Self.small([0], [.lade])
      space.prefillChunks = [nil]
      space.threadCounts = [1]
      _ = try Self.plan(space, .grid)
    }
    #expect(throws: VerificationError.gridTooLarge(runs: 3_000_000, limit: 1_000_000)) {
      var space = Self.small(Array(0..<1_000))
      space.prefillChunks = Array(1...125).map { $0 } + Array(1...125).map { $0 + 125 }
      try #require(space.combinations == 1_000_000)
      _ = try Self.plan(space, .grid)
    }
    #expect(throws: VerificationError.sampleTooLarge(runs: .max, limit: 1_000_000)) {
      try Self.plan(Self.small(), .sample(count: .max, seed: 0))
    }
    #expect(throws: VerificationError.noPrompts) {
      try VerificationPlan(
        prompts: [], maximumTokens: 1, sampling: SamplingConfiguration(), space: SettingSpace(),
        choice: .grid)
    }
  }
}
