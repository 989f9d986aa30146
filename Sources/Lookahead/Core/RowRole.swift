/// What one row of a lookahead pass stands for.
public enum RowRole: Hashable, Sendable {
  /// A token of the window. Level 0 continues the current token by guesses; level ℓ + 1 is the
  /// model's answer to level ℓ.
  case window(level: Int, column: Int)
  /// A node of the candidate tree: which branch was taken at the current token, at the node behind
  /// it, and so on. As many branches as tokens after the current one; at least one.
  case candidate(branches: [Int])

  /// The only row that is not a guess: the last settled token.
  public static let current = RowRole.window(level: 0, column: 0)

  /// Tokens between the current one and this.
  var distance: Int {
    switch self {
    case .window(let level, let column): level + column
    case .candidate(let branches): branches.count
    }
  }

  /// The lookahead mask, whole: whether this row attends to the row `key` of the same pass. (Every
  /// row also attends to the whole cache.) Source: arXiv:2402.02057, figure 3; the tree:
  /// arXiv:2305.09781, section 4.2.
  func sees(_ key: RowRole) -> Bool {
    switch (self, key) {
    case (.window(let level, let column), .window(let keyLevel, let keyColumn)):
      // Level 0 reads as a text; above it a column sees only its own history.
      keyLevel == 0 ? keyColumn <= column : keyColumn == column && keyLevel <= level
    case (.candidate(let branches), .candidate(let keyBranches)):
      // The way to a node's ancestors is the beginning of the way to the node.
      branches.starts(with: keyBranches)
    case (.candidate, .window):
      key == .current
    case (.window, .candidate):
      false
    }
  }
}
