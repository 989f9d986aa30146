import Files
import Tensor

/// One tensor of a model file, in the stored format, to be decoded when it is needed.
///
/// Rows come out in the Hugging Face order, whatever the file's (`RowOrder`). Decoding is safe
/// from several threads at once.
public struct StoredTensor: Sendable {
  /// The Hugging Face name, such as `model.layers.0.self_attn.q_proj.weight`.
  public let name: String
  /// The name in the file, such as `blk.0.attn_q.weight`.
  public let storedName: String
  /// `[rows, columns]`, or `[features]` of a vector; a row is contiguous.
  public let shape: [Int]
  public let format: ElementFormat
  public let file: InputFile
  /// Where in the file the elements are.
  public let byteRange: Range<Int>
  /// In which order the file has the rows (of a vector: the elements).
  public let rowOrder: RowOrder

  /// A tensor whose bytes are known to be there.
  ///
  /// - Precondition: `byteRange` is inside the file and holds whole rows of the shape, of one or
  ///   two dimensions.
  init(
    name: String, storedName: String, shape: [Int], format: ElementFormat, file: InputFile,
    byteRange: Range<Int>, rowOrder: RowOrder
  ) {
    self.name = name
    self.storedName = storedName
    self.shape = shape
    self.format = format
    self.file = file
    self.byteRange = byteRange
    self.rowOrder = rowOrder
    precondition(
      shape.count == 1 || shape.count == 2, "\(storedName) has \(shape.count) dimensions")
    precondition(
      columns.isMultiple(of: format.elementsPerBlock) && byteRange.count == rows * bytesPerRow,
      "\(storedName) of shape \(shape) in \(byteRange.count) bytes of \(format.name)")
  }

  /// Rows; 1 in a vector.
  public var rows: Int { shape.count == 2 ? shape[0] : 1 }
  /// Elements of a row; all of a vector's.
  public var columns: Int { shape[shape.count - 1] }
  public var count: Int { rows * columns }
  /// Bytes that a model takes for it by default: a matrix nearly as it is stored, a vector as float32.
  public var heldBytes: Int {
    shape.count == 2
      ? LinearWeights.byteCount(rows: rows, columns: columns, format: format)
      : columns * MemoryLayout<Float>.size
  }
  /// Bytes of one stored row.
  public var bytesPerRow: Int { columns / format.elementsPerBlock * format.bytesPerBlock }
}

// MARK: - Decoding

extension StoredTensor {
  /// The given rows, one after the other: `[rows.count * columns]`.
  ///
  /// - Precondition: the tensor has two dimensions and these rows.
  public func decodeRows(_ rows: Range<Int>) -> [Float] {
    var values: [Float] = []
    decodeRows(rows, into: &values)
    return values
  }

  /// Replaces `values` by the given rows, one after the other; storage that is large enough is used
  /// again.
  ///
  /// - Precondition: the tensor has two dimensions and these rows.
  public func decodeRows(_ rows: Range<Int>, into values: inout [Float]) {
    values.removeAll(keepingCapacity: true)
    values.reserveCapacity(rows.count * columns)
    withBytes(ofRows: rows) { format.decode($1, count: columns, appendingTo: &values) }
  }

  /// Every element, row after row.
  public func decodeAll() -> [Float] {
    if shape.count == 2 { return decodeRows(0..<rows) }
    var values: [Float] = []
    file.withBytes(in: byteRange) { format.decode($0, count: columns, appendingTo: &values) }
    return rowOrder == .asStored
      ? values : values.indices.map { values[rowOrder.storedRow(of: $0)] }
  }

  /// Calls `body` with the stored bytes of one row, `bytesPerRow` of them, in a copy.
  ///
  /// - Precondition: the tensor has two dimensions and this row.
  public func withBytes<Result>(
    ofRow row: Int, _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    precondition(shape.count == 2 && 0..<rows ~= row, "row \(row) of \(storedName) \(shape)")
    let start = byteRange.lowerBound + rowOrder.storedRow(of: row) * bytesPerRow
    return try file.withBytes(in: start..<(start + bytesPerRow), body)
  }

  /// Calls `body` with each of some rows and its stored bytes. Rows that lie near each other in the
  /// file are read together.
  ///
  /// - Precondition: the tensor has two dimensions and these rows.
  public func withBytes(ofRows rows: Range<Int>, _ body: (_ row: Int, RawSpan) -> Void) {
    precondition(
      shape.count == 2 && rows.lowerBound >= 0 && rows.upperBound <= self.rows,
      "rows \(rows) of \(storedName), which has the shape \(shape)")
    let stored = rows.map(rowOrder.storedRow(of:))
    guard let first = stored.min(), let last = stored.max() else { return }
    guard last - first < Self.largestSpread * rows.count else {
      for row in rows { withBytes(ofRow: row) { body(row, $0) } }
      return
    }
    let start = byteRange.lowerBound + first * bytesPerRow
    file.withBytes(in: start..<start + (last + 1 - first) * bytesPerRow) { bytes in
      for (row, storedRow) in zip(rows, stored) {
        let offset = (storedRow - first) * bytesPerRow
        body(row, bytes.extracting(offset..<offset + bytesPerRow))
      }
    }
  }

  /// Rows are read together unless that means to read more than this many times as much.
  private static let largestSpread = 3
}
