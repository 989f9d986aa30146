import Files

/// Rows of logits that tokens were chosen from, in the files of their passes.
///
/// A file is opened for each row that is read: a trace has more passes than a process may have open
/// files.
struct SelectedRows: Sendable {
  private struct Row: Sendable {
    let path: String
    // These tell whether the file is still the one whose header was read.
    let size: Int
    let modified: Double
    let number: StoredNumber
    let start: Int
  }

  private var rows: [Row] = []
  let columnCount: Int

  init(columnCount: Int) { self.columnCount = columnCount }

  var count: Int { rows.count }

  /// Adds row `index` of a tensor.
  /// - Returns: false where the tensor has no such row, or is not in a file.
  mutating func append(_ index: Int, of tensor: RecordedTensor) -> Bool {
    guard case .stored(let file, let start) = tensor.storage, 0..<tensor.rowCount ~= index else {
      return false
    }
    rows.append(
      Row(
        path: file.path, size: file.count, modified: file.modified, number: tensor.number,
        start: start + index * columnCount * tensor.number.byteCount))
    return true
  }

  /// Reads row `index`.
  /// - Precondition: there is such a row.
  /// - Throws: `InputFileError`, also where the file was changed since its row was added.
  func row(_ index: Int) throws(InputFileError) -> RecordedRow {
    let row = rows[index]
    let file = try InputFile(path: row.path)
    guard file.count == row.size, file.modified == row.modified else {
      throw .changed(path: row.path)
    }
    let values = row.number.values(in: file, at: row.start, count: columnCount) ?? []
    try file.checkUnchanged()
    return RecordedRow(values: values)
  }
}
