/// Milliseconds of a pass by its rows, as they are given: straight between the points, and beyond the
/// last along the line from the one before it.
public struct CostCurve: Equatable, Sendable {
  /// What a pass of a number of rows takes.
  public struct Point: Equatable, Sendable {
    /// Rows of the pass.
    public let rows: Int
    /// What it takes.
    public let milliseconds: Double

    /// A pass and what it takes.
    public init(rows: Int, milliseconds: Double) {
      self.rows = rows
      self.milliseconds = milliseconds
    }
  }

  /// By ascending rows, from one row on.
  public let points: [Point]

  /// The milliseconds that a point may have: from a nanosecond to weeks, so that sums of them and
  /// their quotients are numbers.
  public static let allowedMilliseconds = 1e-6...1e9

  /// A curve through points.
  /// - Returns: nothing where rows do not ascend from 1, or a time is not allowed.
  public init?(_ points: [Point]) {
    let rows = points.map(\.rows)
    guard
      rows.first == 1, zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }),
      points.allSatisfy({ Self.allowedMilliseconds.contains($0.milliseconds) })
    else { return nil }
    self.points = points
  }

  /// What a pass of `rows` rows takes; of fewer than one row what one takes.
  public func milliseconds(rows: Int) -> Double {
    let right = points.firstIndex { $0.rows >= rows } ?? points.count - 1
    if right == 0 { return points[0].milliseconds }
    let (a, b) = (points[right - 1], points[right])
    let slope = (b.milliseconds - a.milliseconds) / Double(b.rows - a.rows)
    if rows > b.rows { return b.milliseconds + max(0, slope) * Double(rows - b.rows) }
    return a.milliseconds + slope * Double(rows - a.rows)
  }
}
