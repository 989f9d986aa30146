import Files

/// Reads a mask in JSON, cell by cell: of a large mask only the cells stand in memory, no tree of
/// values.
struct MaskScanner {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0
  private(set) var cells: [Bool] = []
  /// Rows, and elements of each.
  private(set) var shape = [0, 0]

  /// How a cell may be written.
  private static let words: [(word: [UInt8], isSeen: Bool)] = [
    ("0", false), ("1", true), ("false", false), ("true", true), ("0.0", false), ("1.0", true),
  ].map { (Array($0.utf8), $1) }

  init(_ bytes: [UInt8], path: String) throws(FileError) {
    (self.bytes, self.path) = (bytes, path)
    guard takes("[") else { throw notJSON }
    if !takes("]") {
      repeat { try row() } while takes(",")
      guard takes("]") else { throw notJSON }
    }
    skipSpaces()
    guard position == bytes.count else { throw notJSON }
  }

  private mutating func row() throws(FileError) {
    guard takes("[") else { throw notJSON }
    let (row, start) = (shape[0], cells.count)
    if !takes("]") {
      repeat {
        skipSpaces()
        guard let isSeen = cell() else { throw problem(row: row, key: cells.count - start) }
        cells.append(isSeen)
      } while takes(",")
      guard takes("]") else { throw notJSON }
    }
    let count = cells.count - start
    if row == 0 { shape[1] = count }
    guard count == shape[1] else {
      throw FileError(
        path, "row \(row) of the mask",
        .invalid(expected: "\(shape[1]) elements long, as row 0", found: "\(count) long"))
    }
    shape[0] += 1
  }

  private mutating func cell() -> Bool? {
    for (word, isSeen) in Self.words {
      let end = position + word.count
      guard end < bytes.count, Self.endsCell(bytes[end]),
        bytes[position..<end].elementsEqual(word)
      else { continue }
      position = end
      return isSeen
    }
    return nil
  }

  /// What stands where a cell should.
  private func problem(row: Int, key: Int) -> FileError {
    let rest = bytes[position...]
    let found: String
    switch rest.first {
    case UInt8(ascii: "\""):
      guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else {
        return notJSON
      }
      found = "the text \"\(String(decoding: rest[..<end].dropFirst(), as: UTF8.self).shown)\""
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "n"): found = "something else"
    default:
      let word = String(decoding: rest.prefix { !Self.endsCell($0) }, as: UTF8.self)
      guard Double(word) != nil else { return notJSON }
      found = word.shown
    }
    return Self.notBoolean(path, row: row, key: key, found: found)
  }

  private var notJSON: FileError {
    FileError(
      path, "the mask", .malformed(reason: "is not a JSON array with one array for each row"))
  }

  /// The error that an element says neither that a key is visible nor that it is not.
  static func notBoolean(_ path: String, row: Int, key: Int, found: String) -> FileError {
    FileError(
      path, "the mask for row \(row) and key \(key)",
      .invalid(
        expected: "0, 1, true or false, or in a tensor that is added to scores 0 or at most -10000",
        found: found))
  }

  private static func endsCell(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || isSpace(byte)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func skipSpaces() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  private mutating func takes(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }
}
