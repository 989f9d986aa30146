import Files

enum ChartFile {
  /// Checks, before anything is measured, whether a file could be written in that folder.
  static func check(_ path: String) throws {
    if let reason = OutputFile.obstacle(at: path) {
      throw OutputFileError(path, reason: reason)
    }
  }

  /// Writes the whole file or nothing: a reader never finds half a chart.
  static func write(_ text: String, to path: String) throws {
    try Interruption.finishing { try OutputFile.replace(path, with: Array(text.utf8)) }
  }
}
