import Files
import Llama

/// What an engine computed of the continuation in passes of so many rows; its numbers stay in their file
/// until a row is read.
struct SweepRecording {
  let rows: Int
  let path: String
  /// Whether the most probable tokens are listed, and not all.
  let isList: Bool
  private let tensor: RecordedTensor
  private let vocabularySize: Int
  /// The row of the tensor that has what follows row 0 of the continuation.
  private let start: Int

  /// Opens a file and checks that it has the rows of the plan.
  /// - Throws: `InputFileError`, `FileError`.
  init(rows: Int, path: String, plan: SweepPlan, tokenizer: Tokenizer?) throws {
    // A folder would be opened as a trace.
    _ = try InputFile(path: path)
    let recording = try Recording.open(path, tokenizer: tokenizer)
    guard [.numPy, .safetensors, .completion].contains(recording.kind),
      let tensors = try recording.passes.first?.tensors()
    else {
      throw FileError(
        path, nil,
        .unsupported(
          found: recording.kind.words,
          supported: "NumPy's .npy, safetensors, and JSON with the logprobs of OpenAI's "
            + "completions"))
    }
    guard let tensor = tensors.first(where: { $0.kind == .logits }) else {
      throw FileError(path, "the tensor \(TensorName.logits.spelling)", .missing)
    }
    try tensor.checkElements()
    (self.rows, self.path, self.tensor) = (rows, path, tensor)
    isList = recording.kind == .completion
    vocabularySize = plan.model.configuration.vocabularySize
    if let tokens = recording.tokens {
      start = try Self.start(of: tokens, in: plan, path: path)
    } else {
      start = 0
      try Self.checkShape(of: tensor, plan: plan, path: path)
    }
  }

  /// What its values are, for a sentence.
  var words: String { isList ? "listed log-probabilities" : "values in \(tensor.number.rawValue)" }

  private static func checkShape(
    of tensor: RecordedTensor, plan: SweepPlan, path: String
  ) throws(FileError) {
    let (rows, columns) = (plan.continuation.count, plan.model.configuration.vocabularySize)
    guard tensor.rowCount == rows, tensor.columnCount == columns else {
      throw FileError(
        path, "the shape of the logits",
        .invalid(
          expected: "[\(rows), \(columns)], a row for each token of the continuation",
          found: "[\(tensor.rowCount), \(tensor.columnCount ?? 0)]"))
    }
  }

  /// Where row 0 of the continuation is in a list of tokens with what each was chosen from: behind
  /// the entry of the continuation's first token. The list has either prefix and continuation, as an
  /// echo has, or the continuation; one token may follow.
  private static func start(
    of tokens: [TokenID], in plan: SweepPlan, path: String
  ) throws(FileError) -> Int {
    let texts = [plan.prefix + plan.continuation, plan.continuation]
    let fitting = texts.filter { 0...1 ~= tokens.count - $0.count }
    if let text = fitting.first(where: { tokens.starts(with: $0) }) {
      return text.count - plan.continuation.count + 1
    }
    guard let text = fitting.first,
      let index = zip(tokens, text).enumerated().first(where: { $1.0 != $1.1 })?.offset
    else {
      throw FileError(
        path, "the number of tokens",
        .invalid(
          expected: "\(plan.continuation.count), those of the continuation, or \(texts[0].count), "
            + "with the prefix, and at most one more",
          found: "\(tokens.count)"))
    }
    throw FileError(
      path, "token \(index)",
      .invalid(expected: "\(text[index]), as the sweep has it", found: "\(tokens[index])"))
  }

  /// The values of a row of the continuation; nil where nothing was recorded of it, as of the last row
  /// of an echo without a token behind it.
  /// - Throws: `FileError` for values that cannot be compared.
  func row(_ index: Int) throws -> RecordedRow? {
    guard start + index < tensor.rowCount else { return nil }
    let row = try tensor.row(start + index)
    if isList, row.values.isEmpty { return nil }
    try check(row, index)
    return row
  }

  /// Checks that the file was not changed while its rows were read.
  /// - Throws: `InputFileError`.
  func checkUnchanged() throws(InputFileError) { try tensor.checkUnchanged() }

  private func check(_ row: RecordedRow, _ index: Int) throws {
    guard let problem = problem(of: row, index) else { return }
    // Of a file that was cut short meanwhile zeros are read.
    try checkUnchanged()
    throw problem
  }

  private func problem(of row: RecordedRow, _ index: Int) -> FileError? {
    // -∞ is what a token has that an engine rules out.
    if let place = row.values.firstIndex(where: { $0.isNaN || $0 == .infinity }) {
      return FileError(
        path, "the value of token \(row.columns?[place] ?? place) in row \(index)",
        .invalid(expected: "a finite number", found: "\(row.values[place])"))
    }
    if let last = row.columns?.last, last >= vocabularySize {
      return FileError(
        path, "row \(index)",
        .malformed(reason: "lists token \(last), where the model has \(vocabularySize) tokens"))
    }
    if isList, row.values.count < 2 {
      return FileError(
        path, "row \(index)",
        .malformed(
          reason: "lists one token, where the most probable ones are compared: ask for at least "
            + "two, as by \"logprobs\": 5"))
    }
    if !row.values.contains(where: \.isFinite) {
      return FileError(path, "row \(index)", .malformed(reason: "has no finite number"))
    }
    return nil
  }
}
