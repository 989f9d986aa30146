import Foundation

/// A folder whose files are in memory, for readers that open several by name: links to what
/// `FileInMemory` holds. It goes when the process ends.
final class FolderInMemory: Sendable {
  /// Where it is.
  let path: String
  nonisolated(unsafe) private static var leftovers: [String] = []

  /// A folder with these files.
  init(_ files: [String: FileInMemory]) {
    let manager = FileManager.default
    path = manager.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString)").path
    do {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, file) in files {
        try manager.createSymbolicLink(
          atPath: "\(path)/\(name)", withDestinationPath: file.path)
      }
    } catch {
      preconditionFailure("\(error)")
    }
    Self.leftovers.append(path)
    if Self.leftovers.count == 1 {
      atexit {
        for path in FolderInMemory.leftovers { try? FileManager.default.removeItem(atPath: path) }
      }
    }
  }
}
