/// Rows of a weight matrix in the format of their file, read when they are needed.
public struct RowSource: Sendable {
  /// Rows that can be read.
  public let rows: Int
  /// Elements of a row.
  public let columns: Int
  /// How the elements are written.
  public let format: ElementFormat
  /// Calls `body` with the bytes of one row. Called from several threads at once.
  let withRow: @Sendable (_ row: Int, _ body: (RawSpan) -> Void) -> Void

  /// A source of `rows` rows.
  /// - Parameter withRow: calls `body` once with the stored bytes of row `row`, which are
  ///   `format.byteCount(elements: columns)` bytes.
  public init(
    rows: Int, columns: Int, format: ElementFormat,
    withRow: @escaping @Sendable (_ row: Int, _ body: (RawSpan) -> Void) -> Void
  ) {
    self.rows = rows
    self.columns = columns
    self.format = format
    self.withRow = withRow
  }

  /// The rows of a matrix in memory.
  public init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns, format: .f32) { row, body in
      matrix.withElements { elements in
        let bytes = UnsafeRawBufferPointer(
          start: elements + row * matrix.columns,
          count: matrix.columns * MemoryLayout<Float>.stride)
        body(bytes.bytes)
      }
    }
  }
}

/// In which form weights are kept in memory. It changes speed and memory, never a bit of a result.
public enum WeightStorage: String, CaseIterable, Sendable {
  /// As the file has them, or nearly: 5- and 6-bit weights take a byte, and the scales of K formats
  /// four bytes.
  case stored
  /// Expanded to float32.
  case float32
}
