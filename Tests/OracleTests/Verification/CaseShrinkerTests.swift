import Llama
import Lookahead
import Tensor
import TestSupport
import Testing

@testable import Oracle

/// Shrinking, with conditions in place of models.
struct CaseShrinkerTests {
  /// Everything large.
  private static func large() throws -> VerificationCase {
    VerificationCase(
      prompt: Array(10..<80), endTokens: [0, 2], maximumTokens: 60,
      sampling: try SamplingConfiguration(temperature: 0.7, topK: 40, seed: 9),
      setting: RunSetting(
        lookahead: RunSetting.Sizes(
          windowSize: 9, ngramSize: 7, candidatesPerToken: 12, policy: .standard,
          candidateLayout: .tree, schedule: .automatic),
        prefillChunk: 7,
        execution: ExecutionSetting(threads: 6, instructionSet: .portable, weights: .float32)))
  }

  private static func shrink(
    limit: Int = 2_000, _ fails: @escaping (VerificationCase) throws -> Bool
  ) throws -> CaseShrinker.Result {
    let plain = PlainText.made([1, 2, 3])
    let difference = try #require(RunDifference([9], .init(rows: 1), from: plain, checked: 0))
    return try CaseShrinker(limit: limit).shrink(large(), difference) { tried, _ in
      try fails(tried) ? difference : nil
    }
  }

  @Test func `what has nothing to do with the failure goes`() throws {
    let result = try Self.shrink { _ in true }
    #expect(result.isFinished)
    #expect(
      result.smallest
        == VerificationCase(
          prompt: [79], endTokens: [], maximumTokens: 1,
          sampling: try SamplingConfiguration(), setting: RunSetting()))
    #expect(result.tried < 60)
  }

  @Test func `what the failure needs stays, and no more`() throws {
    let result = try Self.shrink { tried in
      guard let sizes = tried.setting.lookahead else { return false }
      return sizes.windowSize >= 4 && sizes.candidatesPerToken >= 2 && sizes.ngramSize >= 3
        && tried.prompt.contains(33) && tried.prompt.contains(70) && tried.maximumTokens >= 5
        && tried.setting.execution.threads > 2
    }
    #expect(result.isFinished)
    #expect(result.smallest.prompt == [33, 70])
    #expect(result.smallest.maximumTokens == 5)
    #expect(
      result.smallest.setting
        == RunSetting(
          lookahead: RunSetting.Sizes(windowSize: 4, ngramSize: 3, candidatesPerToken: 2),
          execution: ExecutionSetting(threads: 3)))
    #expect(result.smallest.sampling == (try SamplingConfiguration()))
  }

  @Test(
    .enabled(if: InstructionSet.best != .portable, "this CPU has no other instructions"))
  func `settings of one kind alone can be what fails`() throws {
    let portable = try Self.shrink { $0.setting.execution.instructionSet == .portable }.smallest
    #expect(portable.setting.execution == ExecutionSetting(instructionSet: .portable))
    #expect(portable.setting.lookahead == nil)
    let weights = try Self.shrink { $0.setting.execution.weights == .float32 }.smallest
    #expect(weights.setting.execution == ExecutionSetting(weights: .float32))
    let automatic = try Self.shrink { $0.setting.lookahead?.schedule == .automatic }.smallest
    #expect(
      automatic.setting.lookahead
        == RunSetting.Sizes(
          windowSize: 0, ngramSize: 2, candidatesPerToken: 0, schedule: .automatic))
    let drawn = try Self.shrink { !$0.sampling.isGreedy }.smallest
    #expect(drawn.sampling == (try Self.large().sampling))
  }

  @Test func `a chunk that a failure needs lets the prompt become shorter`() throws {
    let result = try Self.shrink { tried in
      tried.setting.prefillChunk.map { tried.prompt.count > $0 } ?? false
    }
    #expect(result.smallest.setting.prefillChunk == 1)
    #expect(result.smallest.prompt.count == 2)
  }

  @Test func `shorter prompts are made one by one, however long the prompt`() throws {
    var long = try Self.large()
    long.prompt = Array(repeating: 7, count: 1 << 20)
    let smaller = try CaseReduction.prompt.smaller(than: long, differingAt: 0)
    #expect(smaller.prefix(4).map(\.prompt.count) == [1, 1 << 20 - 1, 1 << 19 + 1, 1 << 19 + 1])
  }

  @Test(arguments: 0..<60)
  func `no single step from what is found to something smaller fails`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let needed = (0..<3).map { _ in Int.random(in: 10..<80, using: &generator) }
    let least = (0..<4).map { _ in Int.random(in: 0...6, using: &generator) }
    let odd = Bool.random(using: &generator)
    // Not monotone, where odd: a larger case may be right again.
    let fails: (VerificationCase) -> Bool = { tried in
      guard let sizes = tried.setting.lookahead else { return false }
      return sizes.windowSize >= least[0] && sizes.ngramSize >= least[1]
        && sizes.candidatesPerToken >= least[2] && tried.maximumTokens > least[3]
        && (!odd || (sizes.windowSize + sizes.candidatesPerToken) % 2 == 1)
        && needed.contains { tried.prompt.contains($0) }
    }
    guard fails(try Self.large()) else { return }
    let result = try Self.shrink(fails)
    #expect(result.isFinished && fails(result.smallest))
    for reduction in CaseReduction.allCases {
      let smaller = try reduction.smaller(than: result.smallest, differingAt: 0)
      #expect(!smaller.contains(where: fails), "\(reduction)")
    }
  }

  @Test func `the search ends at its limit, or when it is cancelled, with the smallest so far`()
    throws
  {
    let limited = try Self.shrink(limit: 20) { $0.prompt.contains(33) }
    #expect(limited.tried == 20 && !limited.isFinished)
    #expect(limited.smallest.prompt.contains(33))
    var left = 30
    let cancelled = try Self.shrink { tried in
      left -= 1
      if left == 0 { throw CancellationError() }
      return tried.prompt.contains(33)
    }
    #expect(!cancelled.isFinished && cancelled.tried == 30)
    #expect(cancelled.smallest.maximumTokens == 1)
  }
}

extension PlainText {
  /// A text with rows of logits of its own.
  fileprivate static func made(_ tokens: [TokenID]) -> PlainText {
    PlainText(tokens: tokens, finishReason: .length, digest: LogitsDigest(rows: tokens.count))
  }
}

extension LogitsDigest {
  /// Of rows that are all the same.
  fileprivate init(rows: Int) {
    self.init()
    let logits = Matrix(rows: 1, columns: 4)
    for _ in 0..<rows { append(logits.row(0)) }
  }
}
