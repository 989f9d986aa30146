import Files

/// How much a sweep may be, so that its file stays one that every reader can hold.
public enum SweepLimit {
  /// Rows of a pass.
  public static let rows = 512
  /// Numbers of rows in a sweep.
  public static let counts = 32
  /// Tokens of the continuation.
  public static let tokens = 4_096
  /// Cells of all masks together.
  static let maskCells = 8_000_000
  /// Bytes of `sweep.json`.
  static let documentBytes = 64_000_000

  /// Numbers of rows in ascending order, each once, 1 among them.
  /// - Parameter tokens: tokens of the continuation.
  /// - Throws: `SweepError` if one of them cannot be used, or there are too many.
  static func checked(_ rows: [Int], tokens: Int) throws(SweepError) -> [Int] {
    let counts = Set(rows).union([1]).sorted()
    if let wrong = counts.first(where: { !(1...Self.rows ~= $0) }) { throw .rows(wrong) }
    if counts.count > Self.counts { throw .tooManyCounts(counts.count) }
    guard counts.count > 1 else { throw .nothingBesideOne }
    if tokens > Self.tokens { throw .tooManyTokens(tokens) }
    if let largest = counts.last, largest > tokens {
      throw .tooFewTokens(tokens, rows: largest)
    }
    // Passes of T rows have T cells for each of their rows.
    let cells = counts.reduce(0) { $0 + $1 * tokens }
    if cells > maskCells { throw .tooManyMaskCells(cells) }
    return counts
  }
}
