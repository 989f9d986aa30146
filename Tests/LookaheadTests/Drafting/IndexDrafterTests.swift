import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct IndexDrafterTests {
  static func firstOrigin(_ drafter: IndexDrafter, after text: [TokenID]) -> DraftOrigin? {
    drafter.propose(after: text, within: DraftBudget(nodes: 1)).nodes.first?.origin
  }

  /// A pass that accepted the last tokens of a text, with predictions of speculative rows.
  static func pass(
    _ text: [TokenID], accepted: Int, ngrams: [[TokenID]] = [], predictions: [[TokenID]] = [],
    isWarmingUp: Bool = false
  ) -> DraftedPass {
    DraftedPass(
      text: text, acceptedCount: accepted,
      request: PassRequest(causal: [0], cachedCount: 0, logitRows: []),
      logits: Matrix(rows: 0, columns: 0), ngrams: ngrams, predictions: predictions,
      isWarmingUp: isWarmingUp)
  }

  /// What each source contains: 11 after 1 from the prompt, 12 after 2 from the output, and so on.
  static func learned(_ sources: LookaheadConfiguration.PoolSources) -> IndexDrafter {
    var drafter = IndexDrafter(sources: sources, earlierTexts: [[4, 14]])
    drafter.begin(prompt: [1, 11])
    drafter.learn(from: pass([1, 11, 2, 12], accepted: 2, predictions: [[3, 13]]))
    return drafter
  }

  @Test("Each source can be had alone, and all at once", arguments: 0...15)
  func sources(bits: Int) {
    let drafter = Self.learned(.init(bits: bits))
    #expect(Self.firstOrigin(drafter, after: [1]) == (bits & 2 != 0 ? .prompt : nil))
    #expect(Self.firstOrigin(drafter, after: [2]) == (bits & 4 != 0 ? .output : nil))
    #expect(Self.firstOrigin(drafter, after: [3]) == (bits & 1 != 0 ? .window : nil))
    #expect(Self.firstOrigin(drafter, after: [4]) == (bits & 8 != 0 ? .file : nil))
  }

  @Test("A new text does not use the one before")
  func begin() {
    var drafter = Self.learned(.all)
    drafter.begin(prompt: [9])
    #expect(Self.firstOrigin(drafter, after: [2]) == nil)
    #expect(Self.firstOrigin(drafter, after: [4]) == .file)
  }

  @Test("A candidate goes on with what was seen after its own end")
  func chain() {
    var drafter = IndexDrafter(sources: [.prompt, .window])
    drafter.begin(prompt: [1, 2, 3])
    for (text, prediction) in [([1, 2, 3, 0], [3, 4, 5]), ([1, 2, 3, 0, 1], [3, 4])] {
      drafter.learn(from: Self.pass(text, accepted: 1, predictions: [prediction]))
    }
    let tree = drafter.propose(after: [7, 1], within: DraftBudget(length: 4))
    #expect(tree.candidates == [[2, 3, 4, 5]])
    #expect(tree.nodes.map(\.origin) == [.prompt, .prompt, .window, .window])
  }

  @Test("Right drafts become likelier and wrong ones less likely, within a total probability of 1")
  func learning() {
    var drafter = IndexDrafter(sources: .prompt)
    drafter.begin(prompt: [1, 2, 1, 3, 1])
    let before = drafter.proposals(after: [1])
    #expect(before.map(\.token) == [3, 2])
    for _ in 0..<20 {
      drafter.learn(from: Self.pass([8, 1, 2], accepted: 1))
    }
    let after = drafter.proposals(after: [1])
    #expect(after.map(\.token) == [2, 3])
    #expect(after[0].probability > 0.6 && after[1].probability < 0.2)
    #expect(after.reduce(0) { $0 + $1.probability } <= 1 + 1e-12)
  }

  @Test("Each drafted token has its origin, each other one has none")
  func sourcesOfTokens() throws {
    let script = RepeatingScript(seed: 2)
    var decoder = try script.decoder(0, 4, 3, sources: .prompt)
    var drafted = 0
    _ = try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(60)) { accepted in
      #expect(accepted.origins.count == accepted.tokens.count)
      #expect(accepted.origins.dropLast().allSatisfy { $0 == .prompt })
      drafted += accepted.origins.compactMap { $0 }.count
      return .proceed
    }
    #expect(drafted >= 5)
  }
}
