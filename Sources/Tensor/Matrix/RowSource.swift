/// Rows of a weight matrix in the format of their file, read when they are needed.
public struct RowSource: Sendable {
  public let rows: Int
  public let columns: Int
  public let format: ElementFormat
  /// Calls `body` with the bytes of each of some rows. Called from several threads at once.
  let forEachRow: @Sendable (_ rows: Range<Int>, _ body: (_ row: Int, RawSpan) -> Void) -> Void

  /// A source whose rows are read a few at a time.
  /// - Parameter forEachRow: calls `body` once with each of these rows and its stored bytes, which are
  ///   `format.byteCount(elements: columns)` bytes.
  public init(
    rows: Int, columns: Int, format: ElementFormat,
    forEachRow:
      @escaping @Sendable (_ rows: Range<Int>, _ body: (_ row: Int, RawSpan) -> Void)
      -> Void
  ) {
    (self.rows, self.columns, self.format) = (rows, columns, format)
    self.forEachRow = forEachRow
  }

  public init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns, format: .f32) { rows, body in
      for row in rows { matrix.row(row).withUnsafeBytes { body(row, $0.bytes) } }
    }
  }
}

/// The form of the weights in memory: a choice of speed and size that changes no bit of a result.
public enum WeightStorage: String, CaseIterable, Sendable, Codable {
  /// As in the file, or nearly: 5- and 6-bit weights take a byte, the scales of K formats four bytes.
  case stored
  /// Expanded to float32.
  case float32
}
