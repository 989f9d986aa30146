import Files

/// What is wrong with the container of a GGUF file: its header, metadata or tensor directory.
///
/// What its metadata says about the model is judged by `ConfigurationError`.
public enum GGUFError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file does not begin with the four bytes "GGUF".
  case notGGUF(path: String)
  /// The file is written with its most significant bytes first.
  case bigEndian(path: String)
  /// The file has a version of the format other than 2 and 3.
  case unsupportedVersion(path: String, found: UInt32)
  /// The file is one part of several.
  case splitFile(path: String, parts: Int)
  /// The file ends before `part`, which takes `needed` bytes from `offset`.
  case truncated(path: String, part: String, offset: Int, needed: UInt64, fileSize: Int)
  /// The header announces more of something than the bytes left in the file can hold.
  case countTooLarge(path: String, part: String, found: UInt64, possible: Int)
  /// A text is longer than `limit` bytes.
  case textTooLong(path: String, part: String, found: Int, limit: Int)
  /// The arrays of the metadata have, with this one, more than `limit` elements together.
  case tooManyElements(path: String, key: String, found: Int, limit: Int)
  /// A text is not UTF-8.
  case notUTF8(path: String, part: String)
  /// A metadata value has a type number the format does not define.
  case unknownValueType(path: String, key: String, found: UInt32)
  /// A Boolean metadata value is neither 0 nor 1.
  case invalidBool(path: String, key: String, found: UInt8)
  /// Arrays of arrays are nested deeper than `limit`.
  case nestedTooDeeply(path: String, key: String, limit: Int)
  /// A metadata key occurs twice.
  case duplicateKey(path: String, key: String)
  /// `general.alignment` is not a power of two.
  case invalidAlignment(path: String, found: String)
  /// A tensor name occurs twice.
  case duplicateTensor(path: String, tensor: String)
  /// A tensor has more dimensions than the format allows.
  case tooManyDimensions(path: String, tensor: String, found: UInt32, limit: Int)
  /// A tensor's type is not among those that can be decoded.
  case unsupportedTensorType(path: String, tensor: String, found: String)
  /// A tensor's sizes multiply to more elements or bytes than an `Int` can count; `found` has the
  /// fastest-running dimension first, as the file does.
  case shapeTooLarge(path: String, tensor: String, found: [UInt64])
  /// A tensor's row is not a whole number of its format's blocks.
  case partialBlock(path: String, tensor: String, columns: Int, format: String, block: Int)
  /// A tensor does not start at a multiple of the file's alignment.
  case misalignedTensor(path: String, tensor: String, offset: UInt64, alignment: Int)
  /// A tensor reaches beyond the end of the file.
  case tensorOutsideFile(
    path: String, tensor: String, offset: UInt64, byteCount: Int, available: Int)
  /// Two tensors claim the same bytes.
  case overlappingTensors(path: String, first: String, second: String)

  /// The error as one sentence.
  public var description: String { OneLine.of(sentence) }

  private var sentence: String {
    switch self {
    case .notGGUF(let path): "\(path) is not a GGUF file: it does not begin with \"GGUF\"."
    case .bigEndian(let path):
      "\(path) is a big-endian GGUF file; only little-endian files can be read."
    case .unsupportedVersion(let path, let found):
      "\(path) has version \(found) of the GGUF format; versions 2 and 3 can be read."
    case .splitFile(let path, let parts):
      "\(path) is one of \(parts) parts of a split GGUF file; merge them into one file first."
    case .truncated(let path, let part, let offset, let needed, let fileSize):
      "\(path) ends inside \(part): \(needed) bytes are needed from byte \(offset) on, "
        + "but the file has \(fileSize)."
    case .countTooLarge(let path, let part, let found, let possible):
      "\(path) announces \(found) \(part), but the rest of the file can hold at most \(possible)."
    case .textTooLong(let path, let part, let found, let limit):
      "\(path) holds \(part), a text of \(found) bytes, where \(limit) are read at the most."
    case .tooManyElements(let path, let key, let found, let limit):
      "\(path) has \(found) elements in the metadata key \(key), where all arrays together may have "
        + "\(limit)."
    case .notUTF8(let path, let part): "\(path) holds \(part), which is not valid UTF-8."
    case .unknownValueType(let path, let key, let found):
      "\(path) gives the metadata key \(key) a value of type number \(found), which GGUF "
        + "does not define."
    case .invalidBool(let path, let key, let found):
      "\(path) gives the metadata key \(key) a Boolean of \(found), which is neither 0 nor 1."
    case .nestedTooDeeply(let path, let key, let limit):
      "\(path) nests the arrays of the metadata key \(key) more than \(limit) deep."
    case .duplicateKey(let path, let key): "\(path) has the metadata key \(key) twice."
    case .invalidAlignment(let path, let found):
      "\(path) gives general.alignment as \(found), where a power of two is needed."
    case .duplicateTensor(let path, let tensor): "\(path) has the tensor \(tensor) twice."
    case .tooManyDimensions(let path, let tensor, let found, let limit):
      "\(path) gives the tensor \(tensor) \(found) dimensions, where at most \(limit) are allowed."
    case .unsupportedTensorType(let path, let tensor, let found):
      "\(path) stores the tensor \(tensor) as \(found), which is not supported."
    case .shapeTooLarge(let path, let tensor, let found):
      "\(path) gives the tensor \(tensor) the impossible dimensions \(found)."
    case .partialBlock(let path, let tensor, let columns, let format, let block):
      "\(path) gives the tensor \(tensor) rows of \(columns) elements, which are not whole "
        + "blocks of \(block) as \(format) needs."
    case .misalignedTensor(let path, let tensor, let offset, let alignment):
      "\(path) puts the tensor \(tensor) at offset \(offset), which is not a multiple of "
        + "the alignment \(alignment)."
    case .tensorOutsideFile(let path, let tensor, let offset, let byteCount, let available):
      "\(path) puts the \(byteCount) bytes of the tensor \(tensor) at offset \(offset), "
        + "but has only \(available) bytes of tensor data."
    case .overlappingTensors(let path, let first, let second):
      "\(path) gives the tensors \(first) and \(second) the same bytes."
    }
  }
}
