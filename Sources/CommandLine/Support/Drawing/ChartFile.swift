import Files

enum ChartFile {
  /// Writes the whole file or nothing: a reader never finds half a chart.
  static func write(_ text: String, to path: String) throws {
    try Interruption.finishing { try OutputFile.replace(path, with: Array(text.utf8)) }
  }
}
