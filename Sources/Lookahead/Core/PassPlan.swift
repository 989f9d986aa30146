import Llama

/// The rows of one lookahead pass: the current token, the window, the candidates.
struct PassPlan: Sendable {
  let tokens: [TokenID]
  let roles: [RowRole]
  /// Position of the current token.
  let position: Int
  /// The candidates, node by node.
  let tree: CandidateTree
  /// The rows of the window's top level, whose predictions are the frontier.
  let frontierRows: [Int]

  /// Lays out a pass.
  /// - Parameters:
  ///   - current: the last accepted token, which no pass has read yet.
  ///   - position: its position.
  ///   - window: the lookahead branch, if the pass has one.
  ///   - tree: what may follow the current token, for the verification branch.
  init(current: TokenID, position: Int, window: LookaheadWindow?, tree: CandidateTree) {
    var tokens = [current]
    var roles = [RowRole.current]
    let levels = window?.levels ?? []
    for (level, columns) in levels.enumerated() {
      for (index, token) in columns.enumerated() {
        tokens.append(token)
        // Column 0 of level 0 is the current token.
        roles.append(.window(level: level, column: level == 0 ? index + 1 : index))
      }
    }
    frontierRows = roles.indices.filter { row in
      if case .window(levels.count - 1, _) = roles[row] { true } else { false }
    }
    tokens += tree.nodes.map(\.token)
    roles += tree.branches.map { .candidate(branches: $0) }
    self.tokens = tokens
    self.roles = roles
    self.position = position
    self.tree = tree
  }

  /// The row of a node of the tree: nodes are the last rows, in their order.
  func row(ofNode node: Int) -> Int { tokens.count - tree.nodes.count + node }

  /// The pass as the model is asked for it. Only the logits of rows that decide a token or a prediction
  /// are wanted.
  var request: PassRequest {
    let wanted = roles.indices.filter { roles[$0].isVerified }
    return PassRequest(
      tokens: tokens, positions: roles.map { position + $0.distance },
      mask: AttentionMask(
        cachedCount: position, queries: roles.count,
        seesRow: { query, row in roles[query].sees(roles[row]) }),
      logitRows: Set(frontierRows + wanted).sorted())
  }
}

extension RowRole {
  /// Whether an accepted token may be chosen from this row's logits.
  var isVerified: Bool {
    switch self {
    case .window: self == .current
    case .candidate: true
    }
  }
}
