/// How far the tensors of one name are apart, over all passes.
public struct TensorFigures: Encodable, Sendable {
  public let name: String
  /// Rows that were compared.
  public internal(set) var rows = 0
  /// Values that were compared: finite ones on both sides.
  public internal(set) var values = 0
  public internal(set) var largest = 0.0
  public internal(set) var largestAt: DifferenceLocation?
  public internal(set) var mean = 0.0
  /// The same in ulps of float32 at the true value, or at its row's median magnitude where the
  /// value is smaller (docs/decisions/0026).
  public internal(set) var largestUlps = 0.0
  public internal(set) var meanUlps = 0.0
  /// The smallest cosine of a row of A and a row of B; nil where there is none.
  public internal(set) var smallestCosine: Double?
  public internal(set) var beyondTolerance = 0
  public internal(set) var nonFinite = NonFiniteCounts()
  /// For logits, how far the distributions are apart.
  public internal(set) var distribution: DistributionSummary?
  /// For each arithmetic, how many times what its rounding explains the worst row is off; at most 1
  /// where all is explained.
  public internal(set) var timesExplained: [String: Double] = [:]
  public internal(set) var rowErrors = ErrorSeries()

  private var sum = 0.0
  private var sumOfUlps = 0.0

  private enum CodingKeys: String, CodingKey {
    case name, rows, values, largest, largestAt, mean, largestUlps, meanUlps, smallestCosine
    case beyondTolerance, nonFinite, distribution, timesExplained, rowErrors
  }

  init(name: String) { self.name = name }

  /// Whether any values stood beside each other.
  var hasValues: Bool { values > 0 || nonFinite != NonFiniteCounts() }

  mutating func add(_ row: RowFigures, at location: DifferenceLocation) {
    rows += 1
    values += row.count
    if row.largest > largest || largestAt == nil {
      (largest, largestAt) = (row.largest, location)
    }
    sum += row.sum
    sumOfUlps += row.sumOfUlps
    mean = Self.finite(sum / Double(max(values, 1)))
    meanUlps = Self.finite(sumOfUlps / Double(max(values, 1)))
    largestUlps = max(largestUlps, Self.finite(row.largestUlps))
    if let cosine = row.cosine { smallestCosine = min(smallestCosine ?? 1, cosine) }
    beyondTolerance += row.beyondTolerance
    nonFinite.add(row.nonFinite)
    rowErrors.append(row.largest)
  }

  mutating func raise(_ times: Double, of precision: Precision) {
    timesExplained[precision.rawValue] = max(
      timesExplained[precision.rawValue] ?? 0, Self.finite(times))
  }

  /// JSON has no infinity.
  static func finite(_ value: Double) -> Double { min(value, .greatestFiniteMagnitude) }
}

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
