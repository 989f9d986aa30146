/// Why a file is not a mask for a pass. Each description is one sentence.
public enum MaskFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// JSON that is not an array of arrays.
  case notJSON(path: String)
  /// JSON that is larger than is read.
  case tooLarge(path: String, size: Int, limit: Int)
  /// Rows of different lengths.
  case unequalRows(path: String, row: Int, expected: Int, found: Int)
  /// An element that says neither that a key is seen nor that it is not.
  case notBoolean(path: String, row: Int, key: Int, found: String)
  /// A mask for another number of rows or keys.
  case wrongShape(path: String, rows: Int, keys: Int, found: [Int])
  /// A safetensors file without a tensor `mask`.
  case noMask(path: String)
  /// A tensor that is no matrix.
  case notTwoDimensions(path: String, found: [Int])
  /// A tensor of elements that are not read as a mask.
  case elementType(path: String, found: String)

  public var description: String {
    switch self {
    case .notJSON(let path):
      "\(path) is not a mask: JSON must be an array with one array for each row."
    case .tooLarge(let path, let size, let limit):
      "\(path) has \(size) bytes, where no more than \(limit) of a mask in JSON are read; a "
        + "safetensors file holds a larger one."
    case .unequalRows(let path, let row, let expected, let found):
      "\(path) is not a mask: row \(row) has \(found) elements, but row 0 has \(expected)."
    case .notBoolean(let path, let row, let key, let found):
      "\(path) is not a mask: row \(row) has \(found) for key \(key), where 0, 1, true or false is "
        + "needed, or in a tensor that is added to scores 0 or at most -10000."
    case .wrongShape(let path, let rows, let keys, let found):
      "\(path) has a mask of the shape \(found.shown), but the pass needs [\(rows), \(rows)]"
        + (keys == rows ? "." : " or [\(rows), \(keys)].")
    case .noMask(let path):
      "\(path) has no tensor named \(MaskFile.tensorName)."
    case .notTwoDimensions(let path, let found):
      "\(path) has a mask of the shape \(found.shown), which is no matrix."
    case .elementType(let path, let found):
      "\(path) has a mask of the element type \(found.shown), but BOOL, U8, I8, F16, BF16 or F32 is needed."
    }
  }
}
