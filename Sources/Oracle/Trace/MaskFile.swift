import Foundation
import Llama
import Tensor

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
  /// - Throws: `InputFileError`, `SafetensorsError`, `MaskFileError`.
  public static func read(_ path: String, rows: Int, cachedCount: Int) throws -> AttentionMask {
    let file = try InputFile(path: path)
    let check = { (shape: [Int]) in
      guard shape == [rows, rows] || shape == [rows, cachedCount + rows] else {
        throw MaskFileError.wrongShape(
          path: path, rows: rows, keys: cachedCount + rows, found: shape)
      }
    }
    let seen =
      isJSON(file)
      ? try cells(json: file, check: check) : try cells(safetensors: file, check: check)
    try file.checkUnchanged()
    let offset = cachedCount + rows - (seen.first?.count ?? 0)
    return AttentionMask(
      cachedCount: cachedCount, queries: rows,
      seesKey: { query, key in key < offset || seen[query][key - offset] })
  }

  /// JSON begins with a bracket. So may the 8 bytes of a safetensors file that say how long its header
  /// is; but that header's brace comes next.
  private static func isJSON(_ file: InputFile) -> Bool {
    let start = file.bytes(at: 0, count: min(64, file.count)) ?? []
    if start.count > 8, start[8] == UInt8(ascii: "{") { return false }
    return start.first { !" \n\r\t".utf8.contains($0) } == UInt8(ascii: "[")
  }

  // MARK: - JSON

  private static func cells(json file: InputFile, check: ([Int]) throws -> Void) throws -> [[Bool]]
  {
    let rows: [[JSONCell]]
    do {
      let bytes = file.bytes(at: 0, count: file.count) ?? []
      rows = try JSONDecoder().decode([[JSONCell]].self, from: Data(bytes))
    } catch {
      throw MaskFileError.notJSON(path: file.path)
    }
    let keys = rows.first?.count ?? 0
    for (row, cells) in rows.enumerated() where cells.count != keys {
      throw MaskFileError.unequalRows(path: file.path, row: row, expected: keys, found: cells.count)
    }
    try check([rows.count, keys])
    return try rows.enumerated().map { row, cells in
      try cells.enumerated().map { key, cell in
        switch cell {
        case .seen(let isSeen): isSeen
        case .other(let found):
          throw MaskFileError.notBoolean(path: file.path, row: row, key: key, found: found)
        }
      }
    }
  }

  /// An element of a mask in JSON.
  private enum JSONCell: Decodable {
    case seen(Bool)
    case other(String)

    init(from decoder: any Swift.Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let isSeen = try? value.decode(Bool.self) {
        self = .seen(isSeen)
      } else if let number = try? value.decode(Double.self) {
        self = number == 0 || number == 1 ? .seen(number == 1) : .other("\(number)")
      } else if let text = try? value.decode(String.self) {
        self = .other("the text \(text.debugDescription)")
      } else {
        self = .other("something else")
      }
    }
  }

  // MARK: - safetensors

  /// The tensor's name.
  public static let tensorName = "mask"

  private static func cells(
    safetensors file: InputFile, check: ([Int]) throws -> Void
  ) throws -> [[Bool]] {
    let path = file.path
    let tensors = try SafetensorsFile(file).tensors
    guard let tensor = tensors.first(where: { $0.name == tensorName }) else {
      throw MaskFileError.noMask(path: path)
    }
    // Transformers has one dimension for the texts of a batch and one for heads.
    let shape = Array(tensor.shape.dropFirst(tensor.shape.dropLast(2).prefix { $0 == 1 }.count))
    guard shape.count == 2 else {
      throw MaskFileError.notTwoDimensions(path: path, found: tensor.shape)
    }
    try check(shape)
    let numbers = try numbers(of: tensor, in: file)
    let isAdditive = !numbers.allSatisfy { $0 == 0 || $0 == 1 }
    return try (0..<shape[0]).map { row in
      try (0..<shape[1]).map { key in
        let number = numbers[row * shape[1] + key]
        if isAdditive && (number == 0 || number <= hiddenBelow) { return number == 0 }
        if !isAdditive { return number == 1 }
        throw MaskFileError.notBoolean(path: path, row: row, key: key, found: "\(number)")
      }
    }
  }

  /// In a mask that is added to scores, anything from here down hides a key.
  private static let hiddenBelow: Float = -1e4

  private static func numbers(
    of tensor: SafetensorsFile.Entry, in file: InputFile
  ) throws -> [Float] {
    let formats: [String: ElementFormat] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
    let count = tensor.shape.reduce(1, *)
    return try file.withBytes(in: tensor.byteRange) { bytes in
      if let format = formats[tensor.elementType] {
        var numbers: [Float] = []
        format.decode(bytes, count: count, appendingTo: &numbers)
        return numbers
      }
      guard ["BOOL", "U8", "I8"].contains(tensor.elementType) else {
        throw MaskFileError.elementType(path: file.path, found: tensor.elementType)
      }
      return (0..<count).map { unsafe Float(bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self)) }
    }
  }
}
