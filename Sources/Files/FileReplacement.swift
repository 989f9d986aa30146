import Foundation

extension OutputFile {
  /// Replaces the content of a file atomically: writes a temporary file beside it and renames that. If
  /// the disk is full, the old content stays.
  ///
  /// A symbolic link is followed. A device or a pipe is written to, not replaced.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(OutputFileError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let file = try OutputFile(path, 0, named: path)
      try file.write(bytes)
      return try file.close()
    }
    let target = exists ? resolved(path) : path
    // Another process, or another thread, may write the same file.
    let partial = "\(target).\(getpid()).\(UInt32.random(in: .min ... .max)).partial"
    let file = try OutputFile(partial, O_CREAT | O_EXCL, named: path)
    do throws(OutputFileError) {
      try file.write(bytes)
      try file.close()
      if exists, chmod(partial, status.st_mode & 0o7777) != 0 { throw OutputFileError(path) }
      if rename(partial, target) != 0 { throw OutputFileError(path) }
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// The path behind a symbolic link.
  private static func resolved(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }
}
