import TestSupport
import Testing

@testable import Llama
@testable import Lookahead

@Suite struct RowRoleTests {
  /// Windows at every stage of warm-up, with candidates of several lengths.
  static let sizes = [(1, 2, 2), (1, 3, 0), (3, 2, 1), (3, 4, 2), (5, 4, 3), (4, 6, 2), (0, 5, 3)]

  static func plan(
    windowSize: Int, ngramSize: Int, candidates: Int, warmUpPasses: Int,
    tree: CandidateTree? = nil
  ) throws -> PassPlan {
    let configuration = try LookaheadConfiguration(windowSize: windowSize, ngramSize: ngramSize)
    var generator = SplitMix64(seed: 1)
    var window = LookaheadWindow(configuration, prompt: [7, 8, 9], using: &generator)
    let drawn = window?.levels[0] ?? []
    window?.advanceAfterPrompt(predictions: drawn)
    for _ in 0..<warmUpPasses {
      guard let now = window, !now.isWarm else { break }
      window?.advance(frontier: now.levels.last ?? [])
    }
    return PassPlan(
      current: 1, position: 30, window: window,
      tree: tree
        ?? CandidateTree.separate(
          (0..<candidates).map { index in
            Array(repeating: 2, count: ngramSize - 1 - index % (ngramSize - 1))
          }))
  }

  /// An independent statement of the mask, as in docs/algorithm.md: the rows that each row attends to.
  static func reads(_ role: RowRole) -> Set<RowRole> {
    switch role {
    case .window(let level, let column):
      let prefix = (0...column).map { RowRole.window(level: 0, column: $0) }
      let own = (0...level).map { RowRole.window(level: $0, column: column) }
      return Set(prefix + own)
    case .candidate(let branches):
      return Set(
        [.current] + branches.indices.map { RowRole.candidate(branches: Array(branches[...$0])) })
    }
  }

  @Test("A role sees exactly the rows that its statement lists", arguments: sizes, [0, 1, 2, 9])
  func statement(size: (Int, Int, Int), warmUpPasses: Int) throws {
    let plan = try Self.plan(
      windowSize: size.0, ngramSize: size.1, candidates: size.2, warmUpPasses: warmUpPasses)
    for query in plan.roles {
      for key in plan.roles {
        #expect(query.sees(key) == Self.reads(query).contains(key), "\(query) and \(key)")
      }
    }
  }

  @Test(
    "Every row reads one token for each position from the current token to itself",
    arguments: sizes, [0, 1, 2, 9])
  func onePerPosition(size: (Int, Int, Int), warmUpPasses: Int) throws {
    let plan = try Self.plan(
      windowSize: size.0, ngramSize: size.1, candidates: size.2, warmUpPasses: warmUpPasses)
    for (query, role) in plan.roles.enumerated() {
      let seen = plan.roles.indices.filter { role.sees(plan.roles[$0]) }
      #expect(
        seen.map { plan.request.positions[$0] }.sorted()
          == Array(30...plan.request.positions[query]), "\(role)")
    }
  }

  @Test(
    "A node of a tree sees the current token, the nodes on its path and itself", arguments: 0..<9)
  func trees(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let candidates = (0..<6).map { _ in
      (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        Int.random(in: 0..<3, using: &generator)
      }
    }
    let tree = CandidateTree.sharing(candidates)
    let plan = try Self.plan(
      windowSize: 3, ngramSize: 5, candidates: 0, warmUpPasses: 9, tree: tree)
    for node in tree.nodes.indices {
      let row = plan.row(ofNode: node)
      #expect(plan.tokens[row] == tree.nodes[node].token)
      #expect(plan.request.positions[row] == 31 + tree.nodes[node].depth)
      let seen = plan.roles.indices.filter { plan.roles[row].sees(plan.roles[$0]) }
      #expect(seen == [0] + tree.path(to: node).map(plan.row(ofNode:)))
    }
  }

  @Test("The pass's mask is the roles' predicate over the cache")
  func maskOfPlan() throws {
    let plan = try Self.plan(windowSize: 3, ngramSize: 4, candidates: 2, warmUpPasses: 9)
    let mask = plan.request.mask
    #expect(mask.queries == plan.roles.count)
    for query in plan.roles.indices {
      for key in 0..<30 { #expect(mask.sees(query: query, key: key)) }
      for row in plan.roles.indices {
        #expect(mask.sees(query: query, key: 30 + row) == plan.roles[query].sees(plan.roles[row]))
      }
    }
  }

  @Test("A lookahead pass has the rows, positions and mask of the golden made in Python")
  func golden() throws {
    let golden = try ForwardGolden(folder: "tiny-llama", name: "lookahead")
    let configuration = try LookaheadConfiguration(windowSize: 5, ngramSize: 4)
    var generator = SplitMix64(seed: 1)
    var window = LookaheadWindow(configuration, prompt: [0], using: &generator)
    // Bring the window to the golden's contents: four tokens of level 0, five of each other level.
    let levels = [golden.tokens[1..<5], golden.tokens[5..<10], golden.tokens[10..<15]]
    window?.advanceAfterPrompt(predictions: Array(repeating: 0, count: 6))
    window?.advance(frontier: Array(repeating: 0, count: 6))
    for level in levels {
      window?.advance(frontier: (level.count == 4 ? [0] : []) + level)
    }
    #expect(window?.levels == levels.map(Array.init))
    let plan = PassPlan(
      current: golden.tokens[0], position: golden.positions[0], window: window,
      tree: CandidateTree.separate(
        [Array(golden.tokens[15..<18]), Array(golden.tokens[18..<21])]))
    #expect(plan.tokens == golden.tokens)
    #expect(plan.request.positions == golden.positions)
    #expect(plan.request.mask == golden.mask)
  }
}
