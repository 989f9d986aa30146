import Llama

/// What a pass of lookahead decoding has beside that of plain decoding.
public struct LookaheadRecord: Sendable {
  /// What each row from the current token's on stands for. In a pass over the prompt the current
  /// token is the prompt's last; rows before it have no role.
  public let roles: [RowRole]
  /// The candidates; their nodes are the last rows, in order.
  public let tree: CandidateTree
  /// The rows of the window's top level.
  public let frontierRows: [Int]
  /// The predictions of those rows.
  public let frontier: [TokenID]
  /// The levels of the window after the pass; nil where there is no window.
  public let window: [[TokenID]]?
  /// What the drafter added after the pass, in order.
  public let additions: [DraftAddition]
  /// Entries of the drafter after the pass; nil where it does not count them.
  public let entryCount: Int?
}
