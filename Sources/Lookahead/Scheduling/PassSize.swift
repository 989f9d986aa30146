/// How large a pass is, and why.
public struct PassSize: Equatable, Sendable, Codable {
  /// Rows of the window beside the current token; 0 if the pass carries none.
  public let windowRows: Int
  /// Rows of candidates: nodes of the tree.
  public let candidateRows: Int
  /// Candidates that they are.
  public let candidates: Int
  /// Tokens that the pass was expected to settle.
  public let expectedTokens: Double
  /// Milliseconds that it was expected to take; none where nothing was known or asked for.
  public let expectedMilliseconds: Double?

  /// A size from its parts.
  public init(
    windowRows: Int, candidateRows: Int, candidates: Int, expectedTokens: Double,
    expectedMilliseconds: Double?
  ) {
    self.windowRows = windowRows
    self.candidateRows = candidateRows
    self.candidates = candidates
    self.expectedTokens = expectedTokens
    self.expectedMilliseconds = expectedMilliseconds
  }

  /// All rows, the current token's among them.
  public var rows: Int { 1 + windowRows + candidateRows }
}
