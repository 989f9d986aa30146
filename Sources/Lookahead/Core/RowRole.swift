/// What one row of a lookahead pass stands for.
public enum RowRole: Hashable, Sendable {
  /// A token of the window. Level 0 is a speculative continuation of the current token; level ℓ + 1
  /// holds the model's predictions for level ℓ.
  case window(level: Int, column: Int)
  /// A node of the candidate tree: the number of the branch taken at the current token and at each
  /// node on the path to this one; at least one.
  case candidate(branches: [Int])

  /// The only row that is not speculative: the last accepted token.
  public static let current = RowRole.window(level: 0, column: 0)

  /// The position relative to that of the current token.
  var distance: Int {
    switch self {
    case .window(let level, let column): level + column
    case .candidate(let branches): branches.count
    }
  }

  /// The whole lookahead mask: whether this row attends to the row `key` of the same pass. (Every
  /// row also attends to the whole cache.) Source: arXiv:2402.02057, figure 3; the tree:
  /// arXiv:2305.09781, section 4.2.
  func sees(_ key: RowRole) -> Bool {
    switch (self, key) {
    case (.window(let level, let column), .window(let keyLevel, let keyColumn)):
      // Level 0 is causal; above it a row attends to its own column only.
      keyLevel == 0 ? keyColumn <= column : keyColumn == column && keyLevel <= level
    case (.candidate(let branches), .candidate(let keyBranches)):
      // A node attends to its ancestors, whose paths are prefixes of its own.
      branches.starts(with: keyBranches)
    case (.candidate, .window):
      key == .current
    case (.window, .candidate):
      false
    }
  }
}
