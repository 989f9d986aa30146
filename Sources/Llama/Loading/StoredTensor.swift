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
  public let byteRange: Range<Int>
  /// In which order the file has the rows (of a vector: the elements).
  public let rowOrder: RowOrder

  /// - Parameter rows: those that are this tensor's, of a tensor of two dimensions; all if not given.
  /// - Precondition: the listed bytes hold whole rows of the shape, of one or two dimensions.
  /// - Throws: `FileError` if elements of this type cannot be decoded.
  init(
    _ listed: ListedTensor, as name: String, _ rowOrder: RowOrder, rows part: Range<Int>? = nil
  ) throws(FileError) {
    guard let format = listed.format else {
      throw FileError(
        listed.file.path, "the type of the tensor \(listed.name)",
        .unsupported(found: listed.elementType, supported: "F32, F16 and BF16"))
    }
    self.name = name
    storedName = listed.name
    self.format = format
    file = listed.file
    self.rowOrder = rowOrder
    if let part, listed.shape.count == 2, part.count < listed.shape[0] {
      shape = [part.count, listed.shape[1]]
      let bytesPerRow = listed.byteRange.count / listed.shape[0]
      let start = listed.byteRange.lowerBound + part.lowerBound * bytesPerRow
      byteRange = start..<start + part.count * bytesPerRow
    } else {
      shape = listed.shape
      byteRange = listed.byteRange
    }
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
  public var bytesPerRow: Int { columns / format.elementsPerBlock * format.bytesPerBlock }

  /// Bytes that the tensor takes in a model that is kept in this form; a vector is always float32.
  public func heldBytes(
    path: MatrixProductPath = .exact, storage: WeightStorage = .stored
  ) -> Int {
    let floatBytes = rows.times(columns).times(MemoryLayout<Float>.stride)
    if shape.count == 1 || path == .blas { return floatBytes }
    return LinearWeights.byteCount(
      rows: rows, columns: columns, format: storage == .stored ? format : .f32)
  }

  /// The given rows, one after the other: `[rows.count * columns]`.
  ///
  /// - Precondition: the tensor has two dimensions and these rows.
  public func decodeRows(_ rows: Range<Int>) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(rows.count * columns)
    withBytes(ofRows: rows) { format.decode($1, count: columns, appendingTo: &values) }
    return values
  }

  public func decodeAll() -> [Float] {
    if shape.count == 2 { return decodeRows(0..<rows) }
    var values: [Float] = []
    file.withBytes(in: byteRange) { format.decode($0, count: columns, appendingTo: &values) }
    return rowOrder == .asStored
      ? values : values.indices.map { values[rowOrder.storedRow(of: $0)] }
  }

  /// Calls `body` with each of some rows and its stored bytes, `bytesPerRow` of them, in a copy. Rows
  /// that lie near each other in the file are read together.
  ///
  /// - Precondition: the tensor has two dimensions and these rows.
  public func withBytes(ofRows rows: Range<Int>, _ body: (_ row: Int, RawSpan) -> Void) {
    precondition(
      shape.count == 2 && rows.lowerBound >= 0 && rows.upperBound <= self.rows,
      "rows \(rows) of \(storedName), which has the shape \(shape)")
    let stored = rows.map(rowOrder.storedRow(of:))
    guard let first = stored.min(), let last = stored.max() else { return }
    guard last - first < Self.largestSpread * rows.count else {
      for row in rows { withBytes(ofRows: row..<row + 1, body) }
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
