/// What one row of a lookahead pass stands for.
public enum RowRole: Hashable, Sendable {
  /// A token of the window. Level 0 continues the current token by guesses; level ℓ + 1 is the
  /// model's answer to level ℓ.
  case window(level: Int, column: Int)
  /// Token `offset` of the `index`-th n-gram up for verification; the current token, which all
  /// n-grams begin with, is not counted.
  case candidate(index: Int, offset: Int)

  /// The only row that is not a guess: the last settled token.
  public static let current = RowRole.window(level: 0, column: 0)

  /// Tokens between the current one and this.
  var distance: Int {
    switch self {
    case .window(let level, let column): level + column
    case .candidate(_, let offset): offset + 1
    }
  }

  /// The lookahead mask, whole: whether this row attends to the row `key` of the same pass. (Every
  /// row also attends to the whole cache.) Source: arXiv:2402.02057, figure 3.
  func sees(_ key: RowRole) -> Bool {
    switch (self, key) {
    case (.window(let level, let column), .window(let keyLevel, let keyColumn)):
      // Level 0 reads as a text; above it a column sees only its own history.
      keyLevel == 0 ? keyColumn <= column : keyColumn == column && keyLevel <= level
    case (.candidate(let index, let offset), .candidate(let keyIndex, let keyOffset)):
      keyIndex == index && keyOffset <= offset
    case (.candidate, .window):
      key == .current
    case (.window, .candidate):
      false
    }
  }
}
