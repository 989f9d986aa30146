/// Reads JSON (RFC 8259) into a `JSONValue`, and refuses everything that is not JSON.
///
/// A tokenizer.json holds some hundred thousand short strings, so strings without escapes are copied
/// in one piece.
package struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  private let path: String

  /// Deeper nesting than any file that is read has; it bounds the stack.
  private static let depthLimit = 128
  /// Bounds memory: a value takes about 16 bytes, its text as few as two.
  package static let valueLimit = 1 << 25
  private let valueLimit: Int
  private var valueCount = 0

  /// Parses one JSON document.
  ///
  /// - Parameters:
  ///   - bytes: the file, UTF-8.
  ///   - path: its name, for error messages.
  ///   - valueLimit: the most values that are read.
  /// - Throws: `FileError`: `.malformed`, with the offset of the offending byte as its part, or
  ///   `.invalid` for more values.
  package static func parse(
    _ bytes: [UInt8], path: String, valueLimit: Int = JSONParser.valueLimit
  ) throws(FileError) -> JSONNode {
    var parser = JSONParser(bytes: bytes, path: path, valueLimit: valueLimit)
    let value = try parser.value(depth: 0)
    parser.skipSpaces()
    guard parser.position == bytes.count else { throw parser.error("more text after the end") }
    return JSONNode(value: value, path: path, field: "")
  }

  private init(bytes: [UInt8], path: String, valueLimit: Int) {
    self.bytes = bytes
    self.path = path
    self.valueLimit = valueLimit
  }

  func error(_ problem: String) -> FileError {
    FileError(path, "the JSON at byte \(position)", .malformed(reason: "is malformed: \(problem)"))
  }

  /// The next byte; nil at the end.
  var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// Consumes the next byte, which must be this character.
  mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
    guard let byte = next, UInt32(byte) == character.value else {
      throw error("\(OneLine.quoted(String(character))) is missing")
    }
    position += 1
  }

  private mutating func value(depth: Int) throws(FileError) -> JSONValue {
    guard depth < Self.depthLimit else { throw error("nesting is too deep") }
    valueCount += 1
    guard valueCount <= valueLimit else {
      throw FileError(
        path, "the number of JSON values",
        .invalid(expected: "at most \(valueLimit)", found: "at least \(valueCount)"))
    }
    skipSpaces()
    switch next {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case nil: throw error("the text ends too early")
    default: return try number()
    }
  }

  private mutating func literal(_ word: String, _ value: JSONValue) throws(FileError) -> JSONValue {
    for scalar in word.unicodeScalars { try expect(scalar) }
    return value
  }

  private mutating func members(depth: Int) throws(FileError) -> [JSONMember] {
    var members: [JSONMember] = []
    try list("{", "}") { parser throws(FileError) in
      parser.skipSpaces()
      let key = try parser.string()
      parser.skipSpaces()
      try parser.expect(":")
      members.append(JSONMember(key: key, value: try parser.value(depth: depth + 1)))
    }
    return members
  }

  private mutating func elements(depth: Int) throws(FileError) -> [JSONValue] {
    var elements: [JSONValue] = []
    try list("[", "]") { parser throws(FileError) in
      elements.append(try parser.value(depth: depth + 1))
    }
    return elements
  }

  /// Reads items separated by commas between two brackets.
  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    item: (inout JSONParser) throws(FileError) -> Void
  ) throws(FileError) {
    try expect(open)
    skipSpaces()
    if let byte = next, UInt32(byte) == close.value {
      position += 1
      return
    }
    try item(&self)
    skipSpaces()
    while next == UInt8(ascii: ",") {
      position += 1
      try item(&self)
      skipSpaces()
    }
    try expect(close)
  }

  /// The grammar of RFC 8259, which allows neither a leading zero nor a bare point.
  private mutating func number() throws(FileError) -> JSONValue {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let leadingZero = next == UInt8(ascii: "0")
    let digits = skipDigits()
    guard digits > 0, !leadingZero || digits == 1 else { throw error("a value is missing") }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      guard skipDigits() > 0 else { throw error("a digit is missing") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw error("a digit is missing") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw error("a number cannot be read") }
    return .number(number)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }
}
