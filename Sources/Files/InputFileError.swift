/// Why a file could not be read.
public enum InputFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused to open the file, for the reason it gave.
  case cannotOpen(path: String, reason: String)
  /// A folder stands where a file was expected.
  case isDirectory(path: String)
  /// A device, pipe or socket stands where a file was expected.
  case notRegularFile(path: String)
  /// The file was opened, but the system refused to read from it, for the reason it gave.
  case cannotRead(path: String, reason: String)
  /// The file was cut short or written to while it was read.
  case changed(path: String)

  /// The error as one sentence.
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
