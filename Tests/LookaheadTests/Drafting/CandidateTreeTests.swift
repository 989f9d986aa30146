import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct CandidateTreeTests {
  /// Drafts for every position: token 1 with probability 0.6 and token 2 with 0.3.
  static func grow(_ budget: DraftBudget) -> CandidateTree {
    CandidateTree(within: budget) { _ in
      [(1, 0.6), (2, 0.3)].map { token, probability in
        Proposal(
          token: token, origin: .output, matchLength: 1, rank: token - 1, probability: probability)
      }
    }
  }

  @Test("A tree grows by the likeliest node: the first k nodes are the best k", arguments: 1...20)
  func best(rows: Int) {
    let tree = Self.grow(DraftBudget(nodes: rows, length: 6))
    #expect(tree.nodes.count == rows)
    // All paths of up to 6 tokens, by probability.
    var all: [Double] = []
    var level = [1.0]
    for _ in 0..<6 {
      level = level.flatMap { [$0 * 0.6, $0 * 0.3] }
      all += level
    }
    let expected = all.sorted(by: >).prefix(rows)
    for (node, probability) in zip(tree.nodes, expected) {
      #expect(abs(node.pathProbability - probability) < 1e-12)
    }
    #expect(abs(tree.expectedTokens - 1 - expected.reduce(0, +)) < 1e-12)
    for fewer in 0...rows {
      #expect(tree.first(fewer) == Self.grow(DraftBudget(nodes: fewer, length: 6)))
    }
    #expect(tree.first(-1) == CandidateTree())
  }

  @Test("A tree keeps to its numbers of candidates and tokens", arguments: 0...7, 0...5)
  func limits(candidates: Int, length: Int) {
    let tree = Self.grow(DraftBudget(candidates: candidates, length: length))
    let found = tree.candidates
    #expect(found.count == (length == 0 ? 0 : min(candidates, 1 << length)))
    #expect(found.allSatisfy { $0.count == length })
    #expect(Set(found).count == found.count)
    #expect(tree.nodes.count <= candidates * length)
  }

  @Test("Every node comes after its parent and is one deeper")
  func order() {
    let tree = Self.grow(DraftBudget(nodes: 30))
    for (index, node) in tree.nodes.enumerated() {
      #expect(node.parent ?? -1 < index)
      #expect(node.depth == node.parent.map { tree.nodes[$0].depth + 1 } ?? 0)
      #expect(tree.path(to: index).count == node.depth + 1)
      #expect(tree.branches[index].count == node.depth + 1)
    }
    #expect(Set(tree.branches).count == tree.nodes.count)
  }

  @Test("Shared or separate, the candidates are the same; shared they have fewer rows")
  func layouts() {
    let candidates = [[1, 2, 3], [1, 2, 4], [5], [1, 6]]
    let shared = CandidateTree.sharing(candidates)
    let separate = CandidateTree.separate(candidates)
    #expect(shared.nodes.count == 6 && separate.nodes.count == 9)
    #expect(Set(shared.candidates) == Set(candidates) && separate.candidates == candidates)
    #expect(Set(shared.separated.candidates) == Set(candidates))
    #expect(shared.separated.nodes.count == 9)
    #expect(shared.children(of: [nil], holding: 1) == [0])
    #expect(separate.children(of: [nil], holding: 1) == [0, 3, 7])
    #expect(separate.children(of: [0, 3, 7], holding: 2) == [1, 4])
  }

  @Test("Expected tokens count each path once, whatever the layout", arguments: UInt64(0)..<10)
  func expectedTokens(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var tree = CandidateTree()
    for _ in 0..<8 {
      let candidate = (0..<4).map { _ in Int.random(in: 0..<2, using: &generator) }
      tree.insert(
        candidate, origin: .window, probability: Double.random(in: 0...1, using: &generator))
    }
    #expect(tree.separated.nodes.count > tree.nodes.count)
    #expect(abs(tree.separated.expectedTokens - tree.expectedTokens) < 1e-12)
    #expect(abs(tree.expectedTokens - 1 - tree.nodes.reduce(0) { $0 + $1.pathProbability }) < 1e-12)
  }

  @Test("Sharing rows changes no pass, only the number of rows", arguments: 0..<20)
  func samePasses(seed: UInt64) throws {
    let script = RepeatingScript(seed: seed, vocabularySize: 6)
    var passes: [[[TokenID]]] = []
    var rows: [Int] = []
    // The text repeats itself, so that candidates have common prefixes.
    for layout in [LookaheadConfiguration.CandidateLayout.tree, .separate] {
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(
          windowSize: 3, ngramSize: 4, candidatesPerToken: 5, candidateLayout: layout))
      passes.append(try DivergenceTests.passes(&decoder, script.prompt))
      rows.append(
        try decoder.generate(prompt: script.prompt, stop: DivergenceTests.stop(60)).rows)
    }
    #expect(passes[0].flatMap { $0 } == script.text)
    #expect(passes[0] == passes[1])
    #expect(rows[0] < rows[1])
  }
}
