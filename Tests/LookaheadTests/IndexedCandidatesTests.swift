import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct IndexedCandidatesTests {
  static func candidates(
    _ sources: LookaheadConfiguration.PoolSources, earlier: [[TokenID]] = []
  ) throws -> IndexedCandidates {
    try IndexedCandidates(LookaheadConfiguration(poolSources: sources), earlierTexts: earlier)
  }

  static func firstSource(_ supply: IndexedCandidates, after text: [TokenID]) -> CandidateSource? {
    supply.candidates(after: text, within: .init(rows: 1)).nodes.first?.source
  }

  /// What each source can know: 11 after 1 from the prompt, 12 after 2 from the output, and so on.
  static func learned(_ sources: LookaheadConfiguration.PoolSources) throws -> IndexedCandidates {
    var supply = try candidates(sources, earlier: [[4, 14]])
    supply.begin(prompt: [1, 11])
    supply.learn(
      PassOutcome(text: [1, 11, 2, 12], settledCount: 2, ngrams: [], answers: [[3, 13]]))
    return supply
  }

  @Test("Each source can be had alone, and all at once", arguments: 0...15)
  func sources(bits: Int) throws {
    let supply = try Self.learned(.init(rawValue: bits))
    #expect(Self.firstSource(supply, after: [1]) == (bits & 2 != 0 ? .prompt : nil))
    #expect(Self.firstSource(supply, after: [2]) == (bits & 4 != 0 ? .output : nil))
    #expect(Self.firstSource(supply, after: [3]) == (bits & 1 != 0 ? .window : nil))
    #expect(Self.firstSource(supply, after: [4]) == (bits & 8 != 0 ? .file : nil))
  }

  @Test("What begins another text forgets the one before")
  func begin() throws {
    var supply = try Self.learned(.all)
    supply.begin(prompt: [9])
    #expect(Self.firstSource(supply, after: [2]) == nil)
    #expect(Self.firstSource(supply, after: [4]) == .file)
  }

  @Test("A candidate goes on with what was seen after its own end")
  func chain() throws {
    var supply = try Self.candidates([.prompt, .window])
    supply.begin(prompt: [1, 2, 3])
    for (text, answer) in [([1, 2, 3, 0], [3, 4, 5]), ([1, 2, 3, 0, 1], [3, 4])] {
      supply.learn(PassOutcome(text: text, settledCount: 1, ngrams: [], answers: [answer]))
    }
    let tree = supply.candidates(after: [7, 1], within: .init(length: 4))
    #expect(tree.candidates == [[2, 3, 4, 5]])
    #expect(tree.nodes.map(\.source) == [.prompt, .prompt, .window, .window])
  }

  @Test("Guesses that were right get likelier, those that were wrong less, within one place's sum")
  func learning() throws {
    var supply = try Self.candidates([.prompt])
    supply.begin(prompt: [1, 2, 1, 3, 1])
    let before = supply.proposals(after: [1])
    #expect(before.map(\.token) == [3, 2])
    for _ in 0..<20 {
      supply.learn(PassOutcome(text: [8, 1, 2], settledCount: 1, ngrams: [], answers: []))
    }
    let after = supply.proposals(after: [1])
    #expect(after.map(\.token) == [2, 3])
    #expect(after[0].probability > 0.6 && after[1].probability < 0.2)
    #expect(after.reduce(0) { $0 + $1.probability } <= 1 + 1e-12)
  }

  @Test("Each accepted token says where it was seen, each other one says nothing")
  func sourcesOfTokens() throws {
    let script = RepeatingScript(seed: 2)
    var decoder = try script.decoder(0, 4, 3, sources: .prompt)
    var guessed = 0
    _ = try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(60)) { settled in
      #expect(settled.sources.count == settled.tokens.count)
      #expect(settled.sources.dropLast().allSatisfy { $0 == .prompt })
      guessed += settled.sources.compactMap { $0 }.count
      return .proceed
    }
    #expect(guessed >= 5)
  }
}
