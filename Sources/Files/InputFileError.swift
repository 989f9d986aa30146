public enum InputFileError: Error, Equatable, Sendable, CustomStringConvertible {
  case cannotOpen(path: String, reason: String)
  case isDirectory(path: String)
  /// A device, pipe or socket.
  case notRegularFile(path: String)
  case cannotRead(path: String, reason: String)
  /// Cut short or written to while it was read.
  case changed(path: String)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    case .isDirectory(let path): "\(path) is a folder, where a file was expected."
    case .notRegularFile(let path):
      "\(path) is a device, pipe or socket, where a regular file was expected."
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)."
    case .changed(let path): "\(path) was changed while it was read."
    }
  }
}
