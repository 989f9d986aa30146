/// Reads JSON (RFC 8259) into a `JSONValue`, and refuses everything that is not JSON.
///
/// A file of a tokenizer holds some hundred thousand short strings, so strings without escapes
/// are copied in one piece.
struct JSONParser {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  /// Deeper nesting than any tokenizer has; without a limit, a hostile file would exhaust the
  /// stack.
  private static let depthLimit = 128

  /// Parses one JSON document.
  ///
  /// - Parameters:
  ///   - bytes: the file, UTF-8.
  ///   - path: its name, for error messages.
  /// - Throws: `TokenizerError.malformedJSON` with the offset of the offending byte.
  static func parse(_ bytes: [UInt8], path: String) throws -> JSONNode {
    var parser = JSONParser(bytes: bytes, path: path)
    let value = try parser.value(depth: 0)
    parser.skipSpaces()
    guard parser.position == bytes.count else { throw parser.error("more text after the end") }
    return JSONNode(value: value, path: path, field: "")
  }

  private init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  private func error(_ problem: String) -> TokenizerError {
    .malformedJSON(path: path, offset: position, problem: problem)
  }

  private var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard let byte = next, UInt32(byte) == character.value else {
      throw error("\(TokenizerError.quote(String(character))) is missing")
    }
    position += 1
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.depthLimit else { throw error("nesting is too deep") }
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

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
    for scalar in "\(word)".unicodeScalars { try expect(scalar) }
    return value
  }

  private mutating func members(depth: Int) throws -> [JSONMember] {
    try expect("{")
    var members: [JSONMember] = []
    skipSpaces()
    if next == UInt8(ascii: "}") {
      position += 1
      return members
    }
    while true {
      skipSpaces()
      let key = try string()
      skipSpaces()
      try expect(":")
      members.append(JSONMember(key: key, value: try value(depth: depth + 1)))
      skipSpaces()
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try expect("}")
    return members
  }

  private mutating func elements(depth: Int) throws -> [JSONValue] {
    try expect("[")
    var elements: [JSONValue] = []
    skipSpaces()
    if next == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpaces()
      guard next == UInt8(ascii: ",") else { break }
      position += 1
    }
    try expect("]")
    return elements
  }

  /// The grammar of RFC 8259, which allows neither a leading zero nor a bare point.
  private mutating func number() throws -> JSONValue {
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

// Strings: the bulk of the file.
extension JSONParser {
  private mutating func string() throws -> [UInt8] {
    try expect("\"")
    var text: [UInt8] = []
    var start = position
    var isASCII = true
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[start..<position]
        guard isASCII || UTF8Repair.isValid(text[...]) else {
          throw error("a string before this place is not UTF-8")
        }
        position += 1
        return text
      case UInt8(ascii: "\\"):
        text += bytes[start..<position]
        position += 1
        text += try escape()
        start = position
      case 0..<0x20:
        throw error("a control character stands in a string")
      default:
        isASCII = isASCII && byte < 0x80
        position += 1
      }
    }
    throw error("a string has no end")
  }

  private mutating func escape() throws -> [UInt8] {
    guard let byte = next else { throw error("a string has no end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw error("an escape is unknown")
    }
  }

  /// `\uXXXX`, where scalars beyond U+FFFF come as two escapes, a surrogate pair.
  private mutating func unicodeEscape() throws -> [UInt8] {
    var value = try fourHexDigits()
    if value >= 0xD800, value < 0xDC00 {
      try expect("\\")
      try expect("u")
      let low = try fourHexDigits()
      guard low >= 0xDC00, low < 0xE000 else { throw error("half of a surrogate pair is missing") }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else {
      throw error("half of a surrogate pair is missing")
    }
    return Array(String(scalar).utf8)
  }

  private mutating func fourHexDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("an escape needs four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
