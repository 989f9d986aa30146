import Foundation

/// A new, empty folder for a test's files, removed with its last owner.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Makes the folder.
  public init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("lookahead-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    // A folder that remains in the system's temporary folder harms no test.
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a new file, in place of one of this name, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    // An older file is removed, not overwritten: it may be open.
    if FileManager.default.fileExists(atPath: file(name)) {
      try FileManager.default.removeItem(atPath: file(name))
    }
    // A stream, because `Data` waits for the disk, and corruption tests write thousands of files.
    guard let stream = OutputStream(toFileAtPath: file(name), append: false) else {
      throw CocoaError(.fileWriteUnknown)
    }
    stream.open()
    defer { stream.close() }
    var written = 0
    while written < bytes.count {
      let count = stream.write(Array(bytes[written...]), maxLength: bytes.count - written)
      guard count > 0 else { throw stream.streamError ?? CocoaError(.fileWriteUnknown) }
      written += count
    }
    return file(name)
  }

  /// Writes a text file and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }
}
