import Files
import Tensor

/// The file that a chart goes to.
enum ChartFile {
  /// Checks, before anything is measured, whether a file could be written in that folder.
  /// - Throws: `BenchError.cannotWrite`.
  static func check(_ path: String) throws {
    if let reason = OutputFile.obstacle(at: path) {
      throw BenchError.cannotWrite(path: path, reason: reason)
    }
  }

  /// Writes the whole file or nothing: a reader never finds half a chart.
  /// - Throws: `OutputFileError`.
  static func write(_ text: String, to path: String) throws {
    try Interruption.finishing { try OutputFile.replace(path, with: Array(text.utf8)) }
  }
}
