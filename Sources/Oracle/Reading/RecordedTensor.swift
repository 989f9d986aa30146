import Files
import Tensor

/// A recorded tensor. Its data stays in the file until a row is read.
public struct RecordedTensor: Sendable {
  indirect enum Storage: Sendable {
    /// Row after row in a file, from this byte on.
    case stored(InputFile, start: Int)
    /// One chunk of llama.cpp's logits.
    case chunk(LlamaCppLogits, index: Int)
    /// The largest log-probabilities of each token of a completion.
    case listed([[Completion.Entry]])
    /// Rows of several passes: those that tokens were chosen from.
    case selected(SelectedRows)
    /// Elements that are no numbers that can be compared; it is an error only to ask for them.
    case unsupported(path: String, elementType: String)
  }

  public let name: String
  /// Its rows: the tokens of a pass.
  public let rowCount: Int
  /// Values of one row; nil where a row lists some of them and nothing says how many there are.
  public let columnCount: Int?
  /// How its elements are stored; for log-probabilities, the precision that they can have at most.
  public let number: StoredNumber
  let storage: Storage
  /// Of attention weights, the keys of each head.
  var keyCount: Int?

  /// What it holds, if it has a name of the trace format.
  public var kind: TensorName? { TensorName(name) }

  /// Checks that the elements can be compared, and that there are no more rows or values in
  /// a row than can be.
  func checkElements() throws(FileError) {
    switch storage {
    case .unsupported(let path, let elementType):
      throw FileError(
        path, "the element type of the tensor \(name.shown)",
        .unsupported(
          found: elementType.shown,
          supported: "F64, F32, F16 and BF16; --tensors leaves tensors out"))
    case .stored(let file, _):
      try RecordingLimit.rows.check(rowCount, "rows in the tensor \(name.shown)", path: file.path)
      try RecordingLimit.columns.check(
        columnCount ?? 0, "values in a row of the tensor \(name.shown)", path: file.path)
    case .chunk, .listed, .selected: break
    }
  }

  /// Checks that the rows that were read came from files as they were when they were opened.
  /// - Throws: `InputFileError`.
  func checkUnchanged() throws(InputFileError) {
    switch storage {
    case .stored(let file, _): try file.checkUnchanged()
    case .chunk(let logits, _): try logits.file.checkUnchanged()
    // A selected row was checked when it was read.
    case .selected, .listed, .unsupported: break
    }
  }

  /// Row `index`, its values as Doubles.
  /// - Precondition: the tensor has that row.
  /// - Throws: `FileError` if the row breaks the rules of its format, `InputFileError` if a file that
  ///   is opened for it was changed.
  func row(_ index: Int) throws -> RecordedRow {
    precondition(index >= 0 && index < rowCount, "row \(index) of \(rowCount)")
    switch storage {
    case .stored(let file, let start):
      let columns = columnCount ?? 0
      let offset = start + index * columns * number.byteCount
      return RecordedRow(values: number.values(in: file, at: offset, count: columns) ?? [])
    case .chunk(let logits, let chunk):
      return try logits.row(index, ofChunk: chunk)
    case .listed(let rows):
      return RecordedRow(
        values: rows[index].map(\.logProbability), columns: rows[index].map(\.token),
        isLogProbability: true)
    case .selected(let rows):
      return try rows.row(index)
    case .unsupported:
      return RecordedRow(values: [])
    }
  }
}

extension RecordedTensor {
  /// A tensor in a file, its rows found from its shape and name.
  ///
  /// The first dimension counts rows; one of size 1 before it, a batch, is passed over.
  /// - Throws: `FileError` if the name requires another shape.
  init(
    name: String, shape: [Int], number: StoredNumber, file: InputFile, byteRange: Range<Int>
  ) throws(FileError) {
    func wrongShape(_ expected: String) -> FileError {
      FileError(
        file.path, "the shape of the tensor \(name.shown)",
        .invalid(expected: expected, found: shape.shown))
    }
    let isAttention = if case .attention? = TensorName(name) { true } else { false }
    let expected = isAttention ? 3 : 2
    var sizes = shape
    if sizes.count == expected + 1, sizes.first == 1 { sizes.removeFirst() }
    if sizes.count == 1, !isAttention { sizes.insert(1, at: 0) }
    let isKnown = TensorName(name) != nil
    guard sizes.count == expected || !isKnown && !sizes.isEmpty, sizes.allSatisfy({ $0 >= 0 })
    else { throw wrongShape(isAttention ? "[rows, heads, keys]" : "[rows, features]") }
    let columns = sizes.dropFirst().reduce(1) { $0.times($1) }
    let bytes = columns.times(sizes[0]).times(number.byteCount)
    guard bytes == byteRange.count, byteRange.upperBound <= file.count else {
      throw wrongShape("one of \(byteRange.count) bytes in \(number.rawValue)")
    }
    self.init(
      name: name, rowCount: columns == 0 ? 0 : sizes[0], columnCount: columns, number: number,
      storage: .stored(file, start: byteRange.lowerBound))
    if isAttention, sizes[2] > 0 { keyCount = sizes[2] }
  }
}

struct RecordedRow {
  /// The values, of all columns or of those in `columns`.
  var values: [Double]
  /// The columns of `values`, ascending; nil where all are there.
  var columns: [Int]?
  /// Whether the values are logarithms of probabilities, which are logits less a number that is the
  /// same for the whole row.
  var isLogProbability = false
  /// Half the step to which the values were rounded to be stored; 0 where the format of the
  /// elements says all.
  var halfStep = 0.0
}
