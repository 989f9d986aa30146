import Llama

/// The rows of one lookahead pass: the current token, the window, the candidates.
struct PassPlan: Sendable {
  let tokens: [TokenID]
  let roles: [RowRole]
  /// Position of the current token.
  let position: Int
  let tree: CandidateTree
  /// The rows of the window's top level, whose predictions are the frontier.
  let frontierRows: [Int]

  /// - Parameters:
  ///   - current: the last accepted token, which is not in the cache yet.
  ///   - window: the lookahead branch, if the pass has one.
  ///   - tree: the candidates after the current token, for the verification branch.
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

  /// Nodes of the tree are the last rows, in order.
  func row(ofNode node: Int) -> Int { tokens.count - tree.nodes.count + node }

  /// The input of the forward pass. Logits are requested only for the rows that are verified and for
  /// the frontier.
  var request: PassRequest {
    let verified = roles.indices.filter { roles[$0].isVerified }
    return PassRequest(
      tokens: tokens, positions: roles.map { position + $0.distance },
      mask: AttentionMask(
        cachedCount: position, queries: roles.count,
        seesRow: { query, row in roles[query].sees(roles[row]) }),
      logitRows: Set(frontierRows + verified).sorted())
  }
}

extension RowRole {
  /// Whether an accepted token may be chosen from this row's logits.
  var isVerified: Bool {
    if case .candidate = self { true } else { self == .current }
  }
}
