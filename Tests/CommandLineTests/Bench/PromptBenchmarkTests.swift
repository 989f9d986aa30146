import Lookahead
import Testing

@testable import CommandLineTool

/// What the decoding of prompts asks of a model.
struct PromptBenchmarkTests {
  private static func task(_ count: Int) -> PromptBenchmark.Task {
    let prompt = BenchPrompt(id: "\(count)", set: nil, kind: nil, chat: false, prompt: "x")
    return PromptBenchmark.Task(
      prompt: prompt, tokens: Array(repeating: 1, count: count), endTokens: [])
  }

  private static func plan(_ maximumTokens: Int) throws -> PromptBenchmark.Plan {
    let settings = try [(0, 2), (1_000, 4)].map { window, candidates in
      let lookahead = try LookaheadConfiguration(
        windowSize: window, ngramSize: 3, candidatesPerToken: candidates)
      return PromptBenchmark.Setting(name: lookahead.title, lookahead: lookahead)
    }
    return PromptBenchmark.Plan(
      settings: settings, sampling: try SamplingConfiguration(), maximumTokens: maximumTokens,
      rounds: 1, clock: nil)
  }

  @Test func `memory is for the longest prompt with its text, and the largest pass`() throws {
    let plan = try Self.plan(50)
    let use = plan.use(for: [Self.task(10), Self.task(300)], contextLength: 8_192)
    #expect(use.tokens == 350)
    #expect(use.logitRows == plan.settings[1].lookahead.largestPass && use.logitRows > 2_000)
    #expect(use.rows == 128 + use.logitRows)
  }

  @Test func `no text goes beyond the context`() throws {
    let use = try Self.plan(.max).use(for: [Self.task(10)], contextLength: 1_024)
    #expect(use.tokens == 1_024)
  }

  @Test func `without prompts nothing is asked for`() throws {
    let use = try Self.plan(50).use(for: [], contextLength: 1_024)
    #expect(use.logitRows == 0 && use.rows == 0)
  }
}
