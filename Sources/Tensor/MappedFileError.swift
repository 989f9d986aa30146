/// Why a file could not be mapped into memory.
public enum MappedFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system refused to open the file, for the reason it gave.
  case cannotOpen(path: String, reason: String)
  /// A folder stands where a file was expected.
  case isDirectory(path: String)
  /// A device, pipe or socket stands where a file was expected.
  case notRegularFile(path: String)
  /// The file was opened, but the system refused to map it, for the reason it gave.
  case cannotMap(path: String, reason: String)

  /// The error as one sentence.
  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)."
    case .isDirectory(let path): "\(path) is a folder, where a file was expected."
    case .notRegularFile(let path):
      "\(path) is a device, pipe or socket, where a regular file was expected."
    case .cannotMap(let path, let reason): "\(path) cannot be mapped into memory: \(reason)."
    }
  }
}
