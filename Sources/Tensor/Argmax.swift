extension Matrix {
  /// The column of the largest element of a row; of several equally large ones the lowest. NaN is
  /// never the largest: a row of nothing else gives 0.
  /// - Precondition: `row` is within the matrix, which has at least one column.
  public func argmax(row: Int) -> Int {
    precondition(row >= 0 && row < rows && columns > 0, "row \(row) of \(rows) × \(columns)")
    var best = 0
    var largest = -Float.infinity
    withElements { elements in
      let values = elements + row * columns
      for column in 0..<columns where values[column] > largest {
        largest = values[column]
        best = column
      }
    }
    return best
  }
}
