/// Given milliseconds of a pass by its rows: linear between the points, and beyond the last one along
/// the line through the last two.
public struct CostCurve: Equatable, Sendable {
  public struct Point: Equatable, Sendable {
    public let rows: Int
    public let milliseconds: Double

    public init(rows: Int, milliseconds: Double) {
      self.rows = rows
      self.milliseconds = milliseconds
    }
  }

  /// By ascending rows, from one row on.
  public let points: [Point]

  /// From a nanosecond to weeks, so that sums and quotients of times are finite.
  public static let allowedMilliseconds = 1e-6...1e9

  /// - Returns: nil if rows do not ascend from 1, or a time is not in `allowedMilliseconds`.
  public init?(_ points: [Point]) {
    let rows = points.map(\.rows)
    guard
      rows.first == 1, zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }),
      points.allSatisfy({ Self.allowedMilliseconds.contains($0.milliseconds) })
    else { return nil }
    self.points = points
  }

  /// The time of a pass of `rows` rows; that of one row for fewer.
  public func milliseconds(rows: Int) -> Double {
    let last = points.suffix(2)
    let slope = zip(last, last.dropFirst()).map { a, b in
      (b.milliseconds - a.milliseconds) / Double(b.rows - a.rows)
    }
    return interpolate(
      at: rows, points.map { ($0.rows, $0.milliseconds) }, slopeBeyond: max(0, slope.first ?? 0))
  }
}

/// Linear interpolation between points by ascending rows, of which there is at least one; constant
/// before the first point.
func interpolate(
  at rows: Int, _ points: [(rows: Int, value: Double)], slopeBeyond: Double
) -> Double {
  let last = points[points.count - 1]
  guard let right = points.firstIndex(where: { $0.rows >= rows }) else {
    return last.value + slopeBeyond * Double(rows - last.rows)
  }
  if right == 0 { return points[0].value }
  let (a, b) = (points[right - 1], points[right])
  return a.value + Double(rows - a.rows) / Double(b.rows - a.rows) * (b.value - a.value)
}
