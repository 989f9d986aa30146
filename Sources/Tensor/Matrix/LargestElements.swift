extension Matrix {
  /// The largest elements of a row, the largest first; of equal ones the lowest column first. NaN and
  /// -∞ are left out.
  /// - Parameter count: elements at most.
  /// - Precondition: `row` is within the matrix.
  public func largest(_ count: Int, row: Int) -> [(column: Int, value: Float)] {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    var found: [(column: Int, value: Float)] = []
    if count < 1 { return found }
    found.reserveCapacity(count + 1)
    withElements { elements in
      let values = elements + row * columns
      // Below it nothing is among the largest.
      var bound = -Float.infinity
      forEachSixteen(values, columns) { offset, lanes in
        guard (lanes .> bound) != SIMDMask(repeating: false) else { return }
        for lane in 0..<16 where lanes[lane] > bound {
          let value = lanes[lane]
          let place = found.lastIndex { $0.value >= value }.map { $0 + 1 } ?? 0
          found.insert((offset + lane, value), at: place)
          if found.count > count { found.removeLast() }
          if found.count == count { bound = found[count - 1].value }
        }
      }
    }
    return found
  }
}
