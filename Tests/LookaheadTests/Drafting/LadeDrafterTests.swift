import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct LadeDrafterTests {
  static func drafter(_ sources: LookaheadConfiguration.PoolSources) throws -> LadeDrafter {
    try LadeDrafter(
      LookaheadConfiguration(
        windowSize: 2, ngramSize: 3, candidatesPerToken: 2, poolSources: sources, policy: .lade))
  }

  @Test("After a pass of several tokens its history has the last of them several times")
  func history() throws {
    var drafter = try Self.drafter([.window, .prompt, .output])
    drafter.begin(prompt: [1, 2])
    drafter.learn(from: IndexDrafterTests.pass([1, 2, 3, 4], accepted: 2))
    #expect(drafter.pool.continuations(of: 1).map(\.tokens) == [[2, 4]])
    #expect(drafter.pool.continuations(of: 2).map(\.tokens) == [[4, 4]])
  }

  @Test("The pool begins with the n-grams of the prompt, and their candidates are credited to it")
  func prompt() throws {
    var drafter = try Self.drafter([.window, .prompt, .output])
    drafter.begin(prompt: [1, 2, 3, 4])
    #expect(drafter.pool.count == 2)
    drafter.learn(
      from: IndexDrafterTests.pass([1, 2, 3, 4, 1, 8, 9], accepted: 3, ngrams: [[1, 5, 6]]))
    let tree = drafter.propose(after: [1], within: DraftBudget(length: 2))
    #expect(tree.candidates == [[2, 3], [5, 6]])
    #expect(tree.nodes.map(\.origin) == [.prompt, .prompt, .window, .window])
    #expect(
      drafter.propose(after: [4], within: DraftBudget()).nodes.map(\.origin).contains(.output))
    drafter.begin(prompt: [1])
    #expect(drafter.pool.count == 0)
  }

  @Test("Nothing is proposed while the window warms up")
  func warmUp() throws {
    var drafter = try Self.drafter([.window, .prompt, .output])
    drafter.begin(prompt: [1, 2, 3, 1])
    drafter.learn(from: IndexDrafterTests.pass([1, 2, 3, 1], accepted: 1, isWarmingUp: true))
    #expect(drafter.propose(after: [1], within: DraftBudget()).nodes.isEmpty)
    drafter.learn(from: IndexDrafterTests.pass([1, 2, 3, 1, 1], accepted: 1))
    #expect(!drafter.propose(after: [1], within: DraftBudget()).nodes.isEmpty)
  }

  @Test("The estimated probability of a candidate that was wrong decreases")
  func estimates() throws {
    var drafter = try Self.drafter(.window)
    drafter.begin(prompt: [1])
    drafter.learn(from: IndexDrafterTests.pass([1, 1], accepted: 1, ngrams: [[1, 5, 6]]))
    let before = drafter.propose(after: [1], within: DraftBudget()).expectedTokens
    #expect(before > 1 && before < 1.5)
    for _ in 0..<20 { drafter.learn(from: IndexDrafterTests.pass([1, 1], accepted: 1)) }
    let after = drafter.propose(after: [1], within: DraftBudget()).expectedTokens
    #expect(after > 1 && after < before - 0.1)
  }

  @Test("Candidates are the n-grams of the current token, the oldest first, without shared rows")
  func candidates() throws {
    var drafter = try Self.drafter(.window)
    drafter.begin(prompt: [1, 2, 3])
    drafter.learn(
      from: IndexDrafterTests.pass(
        [1, 2, 3, 1], accepted: 1, ngrams: [[1, 5, 6], [1, 5, 7], [1, 5, 6]]))
    let tree = drafter.propose(after: [1], within: DraftBudget(length: 2))
    #expect(tree.candidates == [[5, 7], [5, 6]] && tree.nodes.count == 4)
  }

  @Test("A pass accepts at most N - 1 tokens", arguments: 3...6)
  func noBonusToken(ngramSize: Int) throws {
    var most = 0
    for seed: UInt64 in 0..<10 {
      let script = RepeatingScript(seed: seed)
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(
          windowSize: 3, ngramSize: ngramSize, candidatesPerToken: 4,
          poolSources: [.window, .prompt, .output], policy: .lade))
      let passes = try DivergenceTests.passes(&decoder, script.prompt)
      #expect(passes.flatMap { $0 } == script.text)
      most = max(most, passes.map(\.count).max() ?? 0)
    }
    #expect(most == ngramSize - 1)
  }
}
