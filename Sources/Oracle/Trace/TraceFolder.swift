import Files
import Foundation

/// The folder of a trace, or of a sweep, in the making: it has another name until it is whole, and goes
/// away if it never is.
public final class TraceFolder {
  /// What such a folder holds.
  public enum Content: Sendable {
    case trace
    case sweep
  }

  /// Where the folder will be.
  let path: String
  /// Where it is meanwhile.
  let partialPath: String
  private let content: Content
  private let isReplacing: Bool
  private var isPlaced = false

  /// Makes the folder under its other name.
  /// - Throws: `TraceError` or `SweepError`, `OutputFileError`.
  init(_ path: String, of content: Content = .trace, replacing: Bool) throws {
    // A slash at the end would put the other name inside the folder.
    let url = URL(fileURLWithPath: path).standardizedFileURL
    self.path = url.path
    (self.content, isReplacing) = (content, replacing)
    partialPath = "\(self.path).partial-\(getpid())"
    try Self.check(self.path, of: content, replacing: replacing)
    if unsafe mkdir(partialPath, 0o777) != 0 { throw OutputFileError(self.path) }
  }

  deinit {
    if !isPlaced { Self.remove(partialPath) }
  }

  /// Gives the folder its name.
  /// - Throws: `TraceError` or `SweepError`, `OutputFileError`.
  func place() throws {
    // Something may have come into being meanwhile.
    try Self.check(path, of: content, replacing: isReplacing)
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

  /// Checks whether a folder may be put at a path.
  /// - Parameter replacing: whether it may replace one with the same content; an empty folder it always
  ///   may.
  /// - Throws: `TraceError` or `SweepError`, by the content; `OutputFileError`.
  public static func check(
    _ path: String, of content: Content = .trace, replacing: Bool = false
  ) throws {
    var isFolder: ObjCBool = false
    let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard isThere else {
      let parent = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
      if unsafe access(parent, W_OK | X_OK) != 0 { throw OutputFileError(path) }
      return
    }
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    if isFolder.boolValue, names == [] { return }
    if !replacing { throw content.exists(path) }
    if let problem = content.problem(path, names: isFolder.boolValue ? names ?? [] : []) {
      throw problem
    }
  }

  /// Removes a folder of ours; one that cannot be removed is left.
  private static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}

extension TraceFolder.Content {
  /// The error that there is something already.
  fileprivate func exists(_ path: String) -> any Error {
    switch self {
    case .trace: TraceError.exists(path: path)
    case .sweep: SweepError.exists(path: path)
    }
  }

  /// Why a folder with these files is not replaced; nil where it is one of this content.
  fileprivate func problem(_ path: String, names: [String]) -> (any Error)? {
    switch self {
    case .trace: names.contains(Trace.fileName) ? nil : TraceError.notATrace(path: path)
    case .sweep:
      // What others put beside an engine's files is not ours to remove.
      if let name = names.sorted().first(where: { !SweepFile.isPart($0) }) {
        SweepError.foreignFile(path: path, name: name)
      } else {
        names.contains(SweepPlan.fileName) ? nil : SweepError.notASweep(path: path)
      }
    }
  }
}
