import Files
import Llama

/// Compares what an engine computed in passes of several rows with what it computed of each row alone,
/// row by row: of three files one row is in memory at a time.
public enum SweepReader {
  /// Reads the files of a folder.
  /// - Parameters:
  ///   - folder: that of the plan.
  ///   - plan: what the engine was sent.
  ///   - tokenizer: for completions that name tokens by their text; the model's.
  ///   - onRow: called before each row of the continuation with its number; what it throws ends the
  ///     reading.
  /// - Returns: the report; what exact arithmetic says of tokens that flip is not in it yet.
  /// - Throws: `SweepError`, `FileError` or `InputFileError` if the files are not those of the plan, or
  ///   cannot be compared.
  public static func read(
    _ folder: String, plan: SweepPlan, tokenizer: Tokenizer? = nil,
    onRow: (Int) throws -> Void = { _ in }
  ) throws -> SweepReport {
    let recordings = try open(folder, plan: plan, tokenizer: tokenizer)
    let (alone, others) = (recordings[0], Array(recordings[1...]))
    var report = SweepReport(plan, folder: folder, alone: alone, others: others)
    for index in plan.continuation.indices {
      try onRow(index)
      let rowAlone = try alone.row(index)
      if let rowAlone { report.addAlone(rowAlone, index, of: plan) }
      var previous = rowAlone
      for (place, other) in others.enumerated() {
        // Read in any case, so that what is wrong with it is found.
        let row = try other.row(index)
        if let row, let rowAlone {
          report.figures[place].add(
            index, position: plan.position(ofRow: index), alone: rowAlone, among: row,
            previous: previous)
        }
        previous = row
      }
    }
    for recording in recordings { try recording.checkUnchanged() }
    if let figures = report.figures.first(where: { $0.compared == 0 }) {
      throw SweepError.nothingCompared(path: figures.path)
    }
    report.conclude()
    return report
  }

  /// The recordings by number of rows, in ascending order: rows alone, and at least one more.
  private static func open(
    _ folder: String, plan: SweepPlan, tokenizer: Tokenizer?
  ) throws -> [SweepRecording] {
    let paths = try SweepFile.find(in: folder, for: plan).sorted { $0.key < $1.key }
    guard paths.first?.key == 1 else { throw SweepError.nothingAlone(path: folder) }
    guard paths.count > 1 else { throw SweepError.nothingBesideAlone(path: folder) }
    let recordings = try paths.map {
      try SweepRecording(rows: $0.key, path: $0.value, plan: plan, tokenizer: tokenizer)
    }
    for recording in recordings where recording.words != recordings[0].words {
      throw SweepError.differentValues(
        path: recording.path, found: recording.words, alone: recordings[0].words)
    }
    return recordings
  }
}
