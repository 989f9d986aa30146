import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct LadeCandidatesTests {
  static func supply(_ sources: LookaheadConfiguration.PoolSources) throws -> LadeCandidates {
    try LadeCandidates(
      LookaheadConfiguration(
        windowSize: 2, ngramSize: 3, candidatesPerToken: 2, poolSources: sources, policy: .lade))
  }

  @Test("After a pass of several tokens its history has the last of them several times")
  func history() throws {
    var supply = try Self.supply([.window, .prompt, .output])
    supply.begin(prompt: [1, 2])
    supply.learn(PassOutcome(text: [1, 2, 3, 4], settledCount: 2, ngrams: [], answers: []))
    #expect(supply.pool.candidates(after: 1) == [[2, 4]])
    #expect(supply.pool.candidates(after: 2) == [[4, 4]])
  }

  @Test("Candidates are the n-grams of the current token, the oldest first, without shared rows")
  func candidates() throws {
    var supply = try Self.supply(.window)
    supply.begin(prompt: [1, 2, 3])
    supply.learn(
      PassOutcome(
        text: [1, 2, 3, 1], settledCount: 1, ngrams: [[1, 5, 6], [1, 5, 7], [1, 5, 6]], answers: [])
    )
    let tree = supply.candidates(after: [1], within: .init(length: 2))
    #expect(tree.candidates == [[5, 7], [5, 6]] && tree.nodes.count == 4)
  }

  @Test("A pass settles N - 1 tokens at the most", arguments: 3...6)
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
