import Llama

/// The rows of one lookahead pass: the current token, the window, the candidates.
struct PassPlan {
  let tokens: [TokenID]
  let roles: [RowRole]
  /// Position of the current token.
  let position: Int
  /// The candidates, node by node.
  let tree: CandidateTree

  /// Lays out a pass.
  /// - Parameters:
  ///   - current: the last settled token, which no pass has seen yet.
  ///   - position: its position.
  ///   - window: the lookahead branch, if there is one in this pass.
  ///   - tree: what may follow the current token, for the verification branch.
  init(current: TokenID, position: Int, window: LookaheadWindow?, tree: CandidateTree) {
    var tokens = [current]
    var roles = [RowRole.current]
    for (level, columns) in (window?.levels ?? []).enumerated() {
      for (index, token) in columns.enumerated() {
        tokens.append(token)
        // Column 0 of level 0 is the current token.
        roles.append(.window(level: level, column: level == 0 ? index + 1 : index))
      }
    }
    tokens += tree.nodes.map(\.token)
    roles += tree.branches.map { .candidate(branches: $0) }
    self.tokens = tokens
    self.roles = roles
    self.position = position
    self.tree = tree
  }

  /// Each row stands where its token would in the text.
  var positions: [Int] { roles.map { position + $0.distance } }

  /// The row of a node of the tree: nodes are the last rows, in their order.
  func row(ofNode node: Int) -> Int { tokens.count - tree.nodes.count + node }

  /// The mask of the pass over `cachedCount` cached keys.
  func mask(cachedCount: Int) -> AttentionMask {
    AttentionMask(
      cachedCount: cachedCount, queries: roles.count,
      seesRow: { query, row in roles[query].sees(roles[row]) })
  }

  /// The rows of the window's top level, whose answers are the frontier.
  func frontierRows(of window: LookaheadWindow) -> [Int] {
    let top = window.levels.count - 1
    return roles.indices.filter { row in
      if case .window(top, _) = roles[row] { true } else { false }
    }
  }
}
