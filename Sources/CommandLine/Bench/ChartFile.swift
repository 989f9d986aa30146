import Foundation

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
  /// - Throws: `BenchError.cannotWrite`.
  static func write(_ text: String, to path: String) throws {
    let partial = "\(path).\(getpid()).partial"
    let bytes = Array(text.utf8)
    guard let file = fopen(partial, "wx") else { throw lastError(path) }
    let isWritten = fwrite(bytes, 1, bytes.count, file) == bytes.count
    let problem = errno
    guard fclose(file) == 0, isWritten, rename(partial, path) == 0 else {
      let error = isWritten ? lastError(path) : lastError(path, problem)
      unlink(partial)
      throw error
    }
  }

  private static func lastError(_ path: String, _ number: Int32 = errno) -> BenchError {
    .cannotWrite(path: path, reason: String(cString: strerror(number)))
  }
}
