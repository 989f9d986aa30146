import Files
import Llama

/// A mask in a file: which keys each row of a pass sees.
///
/// Either JSON, an array with an array for each row of 0, 1, true and false; or safetensors, one tensor
/// `mask`. `[rows, rows]` says which rows each row sees beside the whole cache;
/// `[rows, cachedCount + rows]` says all.
public enum MaskFile {
  /// Reads a mask.
  /// - Parameters:
  ///   - rows: rows of the pass.
  ///   - cachedCount: cached tokens.
  /// - Throws: `InputFileError`, `FileError`.
  public static func read(_ path: String, rows: Int, cachedCount: Int) throws -> AttentionMask {
    let file = try InputFile(path: path)
    let check = { (shape: [Int]) in
      guard shape == [rows, rows] || shape == [rows, cachedCount + rows] else {
        let whole = cachedCount == 0 ? "" : " or [\(rows), \(cachedCount + rows)]"
        throw FileError(
          path, "the shape of the mask",
          .invalid(expected: "[\(rows), \(rows)]\(whole)", found: shape.shown))
      }
    }
    let cells =
      isJSON(file)
      ? try cells(json: file, check: check) : try cells(safetensors: file, check: check)
    try file.checkUnchanged()
    let offset = cachedCount + rows - cells.keys
    return AttentionMask(
      cachedCount: cachedCount, queries: rows,
      seesKey: { query, key in key < offset || cells.seen[query * cells.keys + key - offset] })
  }

  private typealias Cells = (keys: Int, seen: [Bool])

  /// JSON begins with a bracket. So may the 8 bytes of a safetensors file that say how long its header
  /// is; but that header's brace comes next.
  private static func isJSON(_ file: InputFile) -> Bool {
    let start = file.bytes(at: 0, count: min(64, file.count)) ?? []
    if start.count > 8, start[8] == UInt8(ascii: "{") { return false }
    return start.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
  }

  /// The largest JSON that is read, in bytes; a mask of 4,096 rows has 50 MB with a space behind each
  /// comma.
  static let documentLimit = 64_000_000

  private static func cells(
    json file: InputFile, check: ([Int]) throws -> Void
  ) throws -> Cells {
    guard file.count <= documentLimit else {
      throw FileError(
        file.path, "the size of the mask in bytes",
        .invalid(
          expected: "at most \(documentLimit) in JSON; a safetensors file holds a larger one",
          found: "\(file.count)"))
    }
    let bytes = file.bytes(at: 0, count: file.count) ?? []
    try file.checkUnchanged()
    let rows = try JSONParser.parse(bytes, path: file.path).elements()
    let keys = try rows.first?.elements().count ?? 0
    try check([rows.count, keys])
    var seen: [Bool] = []
    for row in rows {
      let elements = try row.elements()
      guard elements.count == keys else { throw row.wrongType("an array of \(keys) elements") }
      for element in elements {
        switch element.value {
        case .bool(let isSeen): seen.append(isSeen)
        case .integer(let number) where number == 0 || number == 1: seen.append(number == 1)
        case .number(let number) where number == 0 || number == 1: seen.append(number == 1)
        default: throw element.wrongType("0, 1, true or false")
        }
      }
    }
    return (keys, seen)
  }

  public static let tensorName = "mask"

  private static func cells(
    safetensors file: InputFile, check: ([Int]) throws -> Void
  ) throws -> Cells {
    let path = file.path
    let tensors = try SafetensorsFile(file).tensors
    guard let tensor = tensors.first(where: { $0.name == tensorName }) else {
      throw FileError(path, "the tensor \(tensorName)", .missing)
    }
    // Transformers has one dimension for the texts of a batch and one for heads.
    let shape = Array(tensor.shape.dropFirst(tensor.shape.dropLast(2).prefix { $0 == 1 }.count))
    guard shape.count == 2 else {
      throw FileError(
        path, "the shape of the mask", .invalid(expected: "a matrix", found: tensor.shape.shown))
    }
    try check(shape)
    let numbers = try numbers(of: tensor, in: file)
    let isAdditive = !numbers.allSatisfy { $0 == 0 || $0 == 1 }
    let seen = try numbers.enumerated().map { index, number in
      if isAdditive && (number == 0 || number <= hiddenBelow) { return number == 0 }
      if !isAdditive { return number == 1 }
      throw FileError(
        path, "the element [\(index / shape[1]), \(index % shape[1])] of the mask",
        .invalid(
          expected: "0 or 1, or, in a mask that is added to scores, 0 or at most -10000",
          found: "\(number)"))
    }
    return (shape[1], seen)
  }

  /// In a mask that is added to scores, anything from here down hides a key.
  private static let hiddenBelow = -1e4

  private static func numbers(
    of tensor: ListedTensor, in file: InputFile
  ) throws(FileError) -> [Double] {
    let (start, count) = (tensor.byteRange.lowerBound, tensor.byteRange.count)
    if let number = StoredNumber(rawValue: tensor.elementType) {
      return number.values(in: file, at: start, count: count / number.byteCount) ?? []
    }
    guard ["BOOL", "U8", "I8"].contains(tensor.elementType) else {
      throw FileError(
        file.path, "the element type of the mask",
        .unsupported(
          found: tensor.elementType.shown, supported: "BOOL, U8, I8, F16, BF16, F32 and F64"))
    }
    return (file.bytes(at: start, count: count) ?? []).map { Double($0) }
  }
}
