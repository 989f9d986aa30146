import Files

/// The file that llama.cpp's perplexity tool writes for `--save-all-logits`; see docs/comparing.md
/// for its layout (source: llama.cpp, tools/perplexity/perplexity.cpp @050fc7f).
///
/// A text is cut into chunks of `contextLength` tokens, each evaluated on its own. Of each, the
/// rows from the middle to the last but one are kept, as log-probabilities in 65,536 steps over the
/// 16 nats below the largest; what lies lower is only known to lie lower.
struct LlamaCppLogits: Sendable {
  let file: InputFile
  /// Tokens of a chunk.
  let contextLength: Int
  let vocabularySize: Int
  let chunkCount: Int

  /// The bytes that every file of this kind begins with.
  static let magic = Array("_logits_".utf8)
  private static let part = "the file of llama.cpp's logits"
  /// Magic and three counts of 32 bits.
  private static let headerSize = 20

  /// The tool shares 16 nats out among 65,535 steps; twice that leaves room for the rounding of large
  /// logits.
  private static let largestStep = 32.0 / 65_535

  /// Rows of a chunk before the first that was kept.
  var firstRow: Int { contextLength / 2 }
  var rowsPerChunk: Int { contextLength - 1 - firstRow }
  /// Bytes of a row: step and smallest log-probability in 32 bits each, then 16 bits a token, their
  /// number made even.
  private var bytesPerRow: Int { 2 * (4 + vocabularySize + vocabularySize % 2) }
  private var rowsStart: Int { Self.headerSize + 4 * contextLength * chunkCount }

  /// Reads and checks the counts.
  init(_ file: InputFile) throws(FileError) {
    func malformed(_ reason: String) -> FileError {
      FileError(file.path, Self.part, .malformed(reason: reason))
    }
    guard let counts = file.integers(at: 8, count: 3, as: Int32.self)?.map(Int.init) else {
      throw malformed("ends before its counts, as it does where the text was too short")
    }
    (contextLength, vocabularySize, chunkCount) = (counts[0], counts[1], counts[2])
    guard contextLength > 2, vocabularySize > 0, chunkCount > 0 else {
      throw malformed(
        "has a context of \(contextLength), a vocabulary of \(vocabularySize) and \(chunkCount) "
          + "chunks, which are too few")
    }
    self.file = file
    let tokens = contextLength.times(chunkCount)
    guard tokens <= file.count / 4 else {
      throw malformed("lacks some of its \(chunkCount) chunks of \(contextLength) tokens")
    }
    try RecordingLimit.chunks.check(chunkCount, "chunks", path: file.path)
    try RecordingLimit.passRows.check(tokens, "tokens", path: file.path)
    try RecordingLimit.rows.check(rowsPerChunk, "rows in a chunk", path: file.path)
    try RecordingLimit.columns.check(vocabularySize, "tokens in its vocabulary", path: file.path)
    guard bytesPerRow.times(rowsPerChunk * chunkCount) == file.count - rowsStart else {
      throw malformed(
        "has \(file.count) bytes, which are not those of \(chunkCount) chunks of \(contextLength) "
          + "tokens of a vocabulary of \(vocabularySize)")
    }
  }

  /// The tokens of a chunk. The tool evaluates the model's begin-of-text token in place of the
  /// first where the model asks for one, so the first is not known.
  func tokens(ofChunk chunk: Int) -> [Int?] {
    let start = Self.headerSize + 4 * contextLength * chunk
    let tokens = file.integers(at: start, count: contextLength, as: Int32.self) ?? []
    return [nil] + tokens.dropFirst().map(Int.init)
  }

  /// A row that was kept, without the tokens that are only known to be improbable.
  /// - Throws: `FileError` if its scale is none that the tool writes, `InputFileError` if that
  ///   is because the file was changed.
  func row(_ index: Int, ofChunk chunk: Int) throws -> RecordedRow {
    let start = rowsStart + (chunk * rowsPerChunk + index) * bytesPerRow
    let scales = file.integers(at: start, count: 2, as: UInt32.self) ?? []
    let codes = file.integers(at: start + 8, count: vocabularySize, as: UInt16.self) ?? []
    guard scales.count == 2 else { return RecordedRow(values: []) }
    let step = Double(Float(bitPattern: scales[0]))
    let smallest = Double(Float(bitPattern: scales[1]))
    // Half a step is taken off each difference: a large one would hide any.
    guard 0...Self.largestStep ~= step, smallest.isFinite, smallest <= 0 else {
      try file.checkUnchanged()
      throw FileError(
        file.path, "row \(index) of chunk \(chunk)",
        .malformed(
          reason: "has steps of \(step) above \(smallest), where 0 to \(Self.largestStep) above a "
            + "log-probability are written"))
    }
    var row = RecordedRow(
      values: [], columns: [], isLogProbability: true, halfStep: step / 2)
    for (token, code) in codes.enumerated() where code > 0 || step == 0 {
      row.values.append(smallest + step * Double(code))
      row.columns?.append(token)
    }
    return row
  }
}
