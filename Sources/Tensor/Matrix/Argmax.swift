extension Matrix {
  /// The column of the largest element of a row; of several equally large ones the lowest. NaN is
  /// never the largest: a row of nothing else gives 0.
  /// - Precondition: `row` is within the matrix, which has at least one column.
  public func argmax(row: Int) -> Int {
    precondition(row >= 0 && row < rows && columns > 0, "row \(row) of \(rows) × \(columns)")
    var best = 0
    withElements { elements in
      let values = elements + row * columns
      // The largest value first, in lanes; then where it stands. Quicker than both at once.
      var lanes = SIMD16<Float>(repeating: -.infinity)
      forEachSixteen(values, columns) { lanes.replace(with: $1, where: $1 .> lanes) }
      var largest = lanes[0]
      for lane in 1..<16 where lanes[lane] > largest { largest = lanes[lane] }
      if largest > -.infinity {
        while values[best] != largest { best += 1 }
      }
    }
    return best
  }

  /// The first column of a row whose element is not below a bound; NaN is below nothing.
  /// - Precondition: `row` is within the matrix.
  public func firstColumn(row: Int, notBelow bound: Float) -> Int? {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    var found: Int?
    withElements { elements in
      let values = elements + row * columns
      // Whether there is any first, in lanes: most often there is none.
      var isBelow = SIMDMask<SIMD16<Int32>>(repeating: true)
      forEachSixteen(values, columns) { isBelow = isBelow .& ($1 .< bound) }
      if isBelow != SIMDMask(repeating: true) {
        found = (0..<columns).first { !(values[$0] < bound) }
      }
    }
    return found
  }
}

/// Runs `body` on sixteen values at a time, with the index of the first; the lanes past the end hold
/// -∞.
@inline(__always)
func forEachSixteen(
  _ values: UnsafePointer<Float>, _ count: Int,
  _ body: (_ offset: Int, SIMD16<Float>) -> Void
) {
  let whole = count / 16 * 16
  for offset in stride(from: 0, to: whole, by: 16) {
    body(offset, UnsafeRawPointer(values + offset).loadUnaligned(as: SIMD16<Float>.self))
  }
  if whole < count {
    var rest = SIMD16<Float>(repeating: -.infinity)
    for lane in 0..<count - whole { rest[lane] = values[whole + lane] }
    body(whole, rest)
  }
}
