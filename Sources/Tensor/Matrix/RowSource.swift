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

extension RowSource {
  /// The same rows written in another format, and so rounded to it, each time they are read.
  /// - Returns: nil if the rows cannot be written in it.
  public func requantised(as format: ElementFormat) -> RowSource? {
    guard ElementFormat.encodable.contains(format), format.byteCount(elements: columns) != nil
    else { return nil }
    return RowSource(rows: rows, columns: columns, format: format) {
      [self, columns, stored = self.format] rows, body in
      forEachRow(rows) { row, bytes in
        var values: [Float] = []
        stored.decode(bytes, count: columns, appendingTo: &values)
        (format.encode(values) ?? []).withUnsafeBytes { body(row, $0.bytes) }
      }
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
