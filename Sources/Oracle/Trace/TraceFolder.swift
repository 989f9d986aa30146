import Files
import Foundation

/// The folder of a trace in the making: it has another name until it is whole, and goes away if it
/// never is.
public final class TraceFolder {
  /// Where the trace will be.
  let path: String
  /// Where it is meanwhile.
  let partialPath: String
  private let isReplacing: Bool
  private var isPlaced = false

  /// Makes the folder under its other name.
  /// - Throws: `TraceError`, `OutputFileError`.
  init(_ path: String, replacing: Bool) throws {
    // A slash at the end would put the other name inside the folder.
    let url = URL(fileURLWithPath: path).standardizedFileURL
    self.path = url.path
    isReplacing = replacing
    partialPath = "\(self.path).partial-\(getpid())"
    try Self.check(self.path, replacing: replacing)
    if unsafe mkdir(partialPath, 0o777) != 0 { throw OutputFileError(self.path) }
  }

  deinit {
    if !isPlaced { Self.remove(partialPath) }
  }

  /// Gives the folder its name.
  /// - Throws: `TraceError`, `OutputFileError`.
  func place() throws {
    // Something may have come into being meanwhile.
    try Self.check(path, replacing: isReplacing)
    let old = "\(path).replaced-\(getpid())"
    let isReplacement = FileManager.default.fileExists(atPath: path)
    if isReplacement, unsafe rename(path, old) != 0 { throw OutputFileError(path) }
    if unsafe rename(partialPath, path) != 0 {
      let error = OutputFileError(path)
      if isReplacement { _ = unsafe rename(old, path) }
      throw error
    }
    isPlaced = true
    if isReplacement { Self.remove(old) }
  }

  /// Checks whether a trace may be put at a path.
  /// - Parameter replacing: whether it may replace a trace of that name; an empty folder it always may.
  /// - Throws: `TraceError`, `OutputFileError`.
  public static func check(_ path: String, replacing: Bool = false) throws {
    var isFolder: ObjCBool = false
    let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere else {
      let parent = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
      if unsafe access(parent, W_OK | X_OK) != 0 { throw OutputFileError(path) }
      return
    }
    let content = try? FileManager.default.contentsOfDirectory(atPath: path)
    if isFolder.boolValue, content == [] { return }
    if !replacing { throw TraceError.exists(path: path) }
    let isTrace = FileManager.default.fileExists(atPath: "\(path)/\(Trace.fileName)")
    guard isFolder.boolValue, isTrace else {
      throw TraceError.notATrace(path: path)
    }
  }

  /// Removes a folder of ours; one that cannot be removed is left.
  private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
