import Foundation

extension OutputFile {
  /// Checks whether a file could be written at a path, before the work whose result it is to hold.
  public static func check(_ path: String) throws(OutputFileError) {
    if let reason = obstacle(at: path) { throw OutputFileError(path, reason: reason) }
  }

  /// Why no file could be written, as part of a sentence.
  private static func obstacle(at path: String) -> String? {
    let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let folder = url.deletingLastPathComponent().path
    var status = stat()
    if stat(url.path, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR { return "it is a folder" }
      // A device or a pipe is written to; a file is replaced, for which its folder counts.
      if kind != S_IFREG { return access(url.path, W_OK) == 0 ? nil : lastSystemError() }
    }
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return "its folder does not exist"
    }
    return access(folder, W_OK) == 0 ? nil : lastSystemError()
  }
}
