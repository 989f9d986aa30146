import Foundation

/// Runs what must not happen in two processes at once for files of the same folder.
public enum FolderLock {
  /// Waits for other processes' bodies for this folder. Where the folder cannot be locked, as on some network
  /// file systems, the body runs at once.
  public static func holding<Value>(_ folder: String, _ body: () throws -> Value) rethrows -> Value
  {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return try body() }
    // Closing releases the lock.
    defer { _ = close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }
}
