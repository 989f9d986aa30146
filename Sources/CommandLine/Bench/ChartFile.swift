import Foundation
import Tensor

/// The file that a chart goes to.
enum ChartFile {
  /// Checks, before anything is measured, whether a file could be written in that folder.
  /// - Throws: `BenchError.cannotWrite`.
  static func check(_ path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw BenchError.cannotWrite(path: path, reason: "it is a folder")
    }
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw BenchError.cannotWrite(path: path, reason: "its folder does not exist") }
    if access(folder, W_OK) != 0 {
      throw BenchError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }

  /// Writes the whole file or nothing: a reader never finds half a chart.
  /// - Throws: `OutputFileError`.
  static func write(_ text: String, to path: String) throws {
    try Interruption.finishing { try OutputFile.replace(path, with: Array(text.utf8)) }
  }
}
