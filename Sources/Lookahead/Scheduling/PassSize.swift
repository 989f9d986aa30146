/// The size that was chosen for a pass, and its expected result.
public struct PassSize: Equatable, Sendable, Codable {
  /// Rows of the window beside the current token.
  public let windowRows: Int
  /// Rows of candidates: nodes of the tree.
  public let candidateRows: Int
  public let candidates: Int
  /// Tokens that the pass was expected to accept.
  public let expectedTokens: Double
  /// Nil where the cost of passes was not known or not measured.
  public let expectedMilliseconds: Double?

  /// All rows, including the current token's.
  public var rows: Int { 1 + windowRows + candidateRows }
}
