import Files

/// What is wrong with a safetensors file.
public enum SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is too short for the header it announces, or for any.
  case headerOutsideFile(path: String, headerSize: UInt64, fileSize: Int)
  /// The header is larger than the format allows.
  case headerTooLarge(path: String, headerSize: UInt64, limit: Int)
  /// The header is not JSON of the form the format lays down.
  case invalidHeader(path: String, reason: String)
  /// A tensor has a negative size, or sizes that multiply to more than an `Int` can count.
  case invalidShape(path: String, tensor: String, found: [Int])
  /// A tensor's bytes are not a range inside the file's data.
  case tensorOutsideFile(path: String, tensor: String, offsets: [Int], available: Int)
  /// A tensor's range is not as long as its shape and type make it.
  case wrongSize(path: String, tensor: String, expected: Int, found: Int)
  /// The tensors' ranges overlap or leave a gap before this tensor.
  case notContiguous(path: String, tensor: String, expected: Int, found: Int)
  /// Data follows the last tensor.
  case trailingBytes(path: String, count: Int)

  /// The error as one sentence.
  public var description: String { OneLine.of(sentence) }

  private var sentence: String {
    switch self {
    case .headerOutsideFile(let path, let headerSize, let fileSize):
      "\(path) announces a header of \(headerSize) bytes, but the file has \(fileSize) in all."
    case .headerTooLarge(let path, let headerSize, let limit):
      "\(path) announces a header of \(headerSize) bytes, where safetensors allows \(limit)."
    case .invalidHeader(let path, let reason):
      "\(path) has a header that is not a safetensors header: \(reason)."
    case .invalidShape(let path, let tensor, let found):
      "\(path) gives the tensor \(tensor) the impossible shape \(found)."
    case .tensorOutsideFile(let path, let tensor, let offsets, let available):
      "\(path) puts the tensor \(tensor) at the offsets \(offsets), which is not a range within "
        + "its \(available) bytes of tensor data."
    case .wrongSize(let path, let tensor, let expected, let found):
      "\(path) gives the tensor \(tensor) \(found) bytes, where its shape and type need "
        + "\(expected)."
    case .notContiguous(let path, let tensor, let expected, let found):
      "\(path) starts the tensor \(tensor) at offset \(found), where the one before it ends at "
        + "\(expected)."
    case .trailingBytes(let path, let count):
      "\(path) has \(count) bytes after its last tensor."
    }
  }
}
