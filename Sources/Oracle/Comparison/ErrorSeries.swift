/// The largest difference of each row, in order, in no more than 1,024 points whatever the number
/// of rows.
public struct ErrorSeries: Encodable, Equatable, Sendable {
  /// Rows that one point stands for.
  public private(set) var rowsPerPoint = 1
  /// The largest difference of so many rows each.
  public private(set) var points: [Double] = []
  private var rowsInLastPoint = 0

  private static let limit = 1024

  private enum CodingKeys: String, CodingKey {
    case rowsPerPoint, points
  }

  mutating func append(_ error: Double) {
    if rowsInLastPoint > 0, rowsInLastPoint < rowsPerPoint, let last = points.last {
      points[points.count - 1] = max(last, error)
      rowsInLastPoint += 1
      return
    }
    if points.count == Self.limit {
      points = stride(from: 0, to: points.count, by: 2).map { max(points[$0], points[$0 + 1]) }
      rowsPerPoint *= 2
    }
    points.append(error)
    rowsInLastPoint = 1
  }
}
