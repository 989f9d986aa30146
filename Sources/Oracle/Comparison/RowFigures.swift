/// How far a row of A and a row of B are apart.
struct RowFigures {
  /// Values that were compared: finite ones on both sides.
  private(set) var count = 0
  /// The largest absolute difference, and the sum of all.
  private(set) var largest = 0.0
  private(set) var sum = 0.0
  private(set) var largestColumn = 0
  /// The same in ulps of float32, less what storing in steps explains.
  private(set) var largestUlps = 0.0
  private(set) var sumOfUlps = 0.0
  /// The column that is off by the most ulps, and what stands there: what is worst for its size.
  private(set) var worst = (column: 0, a: 0.0, b: 0.0)
  /// Values that differ by more than the tolerance, those that are finite on one side alone
  /// included.
  private(set) var beyondTolerance = 0
  private(set) var nonFinite = NonFiniteCounts()
  /// `Σ a·b / √(Σ a² · Σ b²)`; nil where one side is all zeros.
  let cosine: Double?

  init(_ row: PairedRow, tolerance: Tolerance, truth: PairedRow.Side) {
    cosine = Self.cosine(row.a, row.b)
    for (index, (a, b)) in zip(row.a, row.b).enumerated() {
      nonFinite.add(a: a, b: b)
      guard a.isFinite, b.isFinite else {
        if a != b, !(a.isNaN && b.isNaN) { beyondTolerance += 1 }
        continue
      }
      count += 1
      let error = min((a - b).magnitude, .greatestFiniteMagnitude)
      if !tolerance.allows(error, value: truth == .a ? a : b) { beyondTolerance += 1 }
      sum += error
      if error > largest {
        (largest, largestColumn) = (error, row.columns?[index] ?? index)
      }
      let ulps = max(0, error - row.slack) / RoundingModel.ulp(at: row.magnitudes[index])
      if ulps > largestUlps {
        largestUlps = ulps
        worst = (row.columns?[index] ?? index, a, b)
      }
      sumOfUlps += ulps
    }
  }

  /// For the rounding model; infinite where something is finite on one side alone.
  var error: RoundingModel.RowError {
    if nonFinite.different > 0 { return .init(mean: .infinity, largest: .infinity) }
    return .init(mean: count == 0 ? 0 : sumOfUlps / Double(count), largest: largestUlps)
  }

  /// Scaled by the largest magnitudes, so that no square overflows.
  private static func cosine(_ a: [Double], _ b: [Double]) -> Double? {
    let pairs = zip(a, b).filter { $0.isFinite && $1.isFinite }
    let largestA = pairs.map(\.0.magnitude).max() ?? 0
    let largestB = pairs.map(\.1.magnitude).max() ?? 0
    guard largestA > 0, largestB > 0 else { return nil }
    var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
    for (a, b) in pairs {
      let (x, y) = (a / largestA, b / largestB)
      products += x * y
      squaresA += x * x
      squaresB += y * y
    }
    return min(1, max(-1, products / (squaresA * squaresB).squareRoot()))
  }
}

/// How many values of each side are no finite numbers.
public struct NonFiniteCounts: Encodable, Equatable, Sendable {
  public private(set) var nanInA = 0
  public private(set) var nanInB = 0
  public private(set) var infinityInA = 0
  public private(set) var infinityInB = 0
  /// Values that are not finite in A or B, and not the same.
  public private(set) var different = 0

  mutating func add(a: Double, b: Double) {
    if a.isNaN { nanInA += 1 }
    if b.isNaN { nanInB += 1 }
    if a.isInfinite { infinityInA += 1 }
    if b.isInfinite { infinityInB += 1 }
    if !(a.isFinite && b.isFinite), a != b, !(a.isNaN && b.isNaN) { different += 1 }
  }

  mutating func add(_ more: NonFiniteCounts) {
    nanInA += more.nanInA
    nanInB += more.nanInB
    infinityInA += more.infinityInA
    infinityInB += more.infinityInB
    different += more.different
  }
}
