/// A row-major matrix of Float.
///
/// Rows are most often tokens and columns features. Element `(row, column)` is
/// `elements[row * columns + column]`.
public struct Matrix: Equatable, Sendable {
  public let rows: Int
  public let columns: Int
  /// `rows * columns` elements, row after row.
  public private(set) var elements: [Float]

  /// - Precondition: `elements.count == rows * columns`.
  public init(rows: Int, columns: Int, elements: [Float]) {
    precondition(
      rows >= 0 && columns >= 0 && elements.count == rows * columns,
      "\(elements.count) elements for a \(rows) × \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// Zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, elements: Array(repeating: 0, count: rows * columns))
  }

  init(
    rows: Int, columns: Int, filledBy fill: (_ elements: UnsafeMutablePointer<Float>) -> Void
  ) {
    self.rows = rows
    self.columns = columns
    // All empty arrays share one object, to which the initializer writes a count: a race between
    // threads, though harmless.
    if rows * columns == 0 {
      elements = []
      return
    }
    elements = Array(unsafeUninitializedCapacity: rows * columns) { buffer, count in
      if let base = buffer.baseAddress { fill(base) }
      count = rows * columns
    }
  }

  /// - Precondition: `row` and `column` are within the matrix.
  public subscript(row: Int, column: Int) -> Float {
    get { elements[offset(row, column)] }
    set { elements[offset(row, column)] = newValue }
  }

  /// The elements of one row, `[columns]`.
  /// - Precondition: `row` is within the matrix.
  public func row(_ row: Int) -> ArraySlice<Float> {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return elements[row * columns..<(row + 1) * columns]
  }

  /// The chosen rows, in the order given, `[chosen.count, columns]`.
  /// - Precondition: each is within the matrix.
  public func selectingRows(_ chosen: [Int]) -> Matrix {
    if chosen.elementsEqual(0..<rows) { return self }
    var selected: [Float] = []
    selected.reserveCapacity(chosen.count * columns)
    for index in chosen { selected += row(index) }
    return Matrix(rows: chosen.count, columns: columns, elements: selected)
  }

  /// Adds a multiple of another matrix of the same shape, element by element:
  /// `x ← x + other · factor`, the product rounded before the addition.
  /// - Precondition: the shapes are equal.
  public mutating func add(_ other: Matrix, times factor: Float = 1) {
    precondition(
      rows == other.rows && columns == other.columns,
      "adding \(other.rows) × \(other.columns) to \(rows) × \(columns)")
    withElements { target in
      other.withElements { source in
        for i in 0..<(other.rows &* other.columns) { target[i] += source[i] * factor }
      }
    }
  }

  /// Multiplies every element.
  public mutating func multiply(by factor: Float) {
    for i in elements.indices { elements[i] *= factor }
  }

  /// Divides every element.
  public mutating func divide(by divisor: Float) {
    for i in elements.indices { elements[i] /= divisor }
  }

  /// Adds the same `[columns]` values to every row.
  /// - Precondition: `values.count == columns`.
  public mutating func addToEachRow(_ values: [Float]) {
    precondition(values.count == columns, "\(values.count) values for \(columns) columns")
    for row in 0..<rows {
      for column in 0..<columns { elements[row * columns + column] += values[column] }
    }
  }

  private func offset(_ row: Int, _ column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element (\(row), \(column)) of a \(rows) × \(columns) matrix")
    return row * columns + column
  }

  func withElements(_ body: (_ elements: UnsafePointer<Float>) -> Void) {
    elements.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
  }

  mutating func withElements(_ body: (_ elements: UnsafeMutablePointer<Float>) -> Void) {
    elements.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base) } }
  }
}
