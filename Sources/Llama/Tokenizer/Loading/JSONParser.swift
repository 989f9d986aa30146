/// Reads JSON (RFC 8259) into a `JSONValue`, and refuses everything that is not JSON.
///
/// A file of a tokenizer holds some hundred thousand short strings, so strings without escapes
/// are copied in one piece.
package struct JSONParser {
  let bytes: [UInt8]
  var position = 0
  private let path: String

  /// Deeper nesting than any tokenizer has; without a limit, a hostile file would exhaust the
  /// stack.
  private static let depthLimit = 128
  /// The most values of a document: a value takes some 16 bytes, where its text may take two.
  package static let valueLimit = 1 << 25
  private var valuesLeft: Int

  /// Parses one JSON document.
  ///
  /// - Parameters:
  ///   - bytes: the file, UTF-8.
  ///   - path: its name, for error messages.
  ///   - valueLimit: the most values that are read.
  /// - Throws: `TokenizerError.malformedJSON` with the offset of the offending byte;
  ///   `TokenizerError.invalidValue` for more values.
  package static func parse(
    _ bytes: [UInt8], path: String, valueLimit: Int = JSONParser.valueLimit
  ) throws(TokenizerError) -> JSONNode {
    var parser = JSONParser(bytes: bytes, path: path, valueLimit: valueLimit)
    let value = try parser.value(depth: 0)
    parser.skipSpaces()
    guard parser.position == bytes.count else { throw parser.error("more text after the end") }
    return JSONNode(value: value, path: path, field: "")
  }

  private init(bytes: [UInt8], path: String, valueLimit: Int) {
    self.bytes = bytes
    self.path = path
    valuesLeft = valueLimit
  }

  /// The complaint that something is wrong at this place.
  func error(_ problem: String) -> TokenizerError {
    .malformedJSON(path: path, offset: position, problem: problem)
  }

  /// The next byte, or nothing at the end.
  var next: UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// Takes the next byte, which must be this character.
  mutating func expect(_ character: Unicode.Scalar) throws(TokenizerError) {
    guard let byte = next, UInt32(byte) == character.value else {
      throw error("\(TokenizerError.quote(String(character))) is missing")
    }
    position += 1
  }

  private mutating func value(depth: Int) throws(TokenizerError) -> JSONValue {
    guard depth < Self.depthLimit else { throw error("nesting is too deep") }
    guard valuesLeft > 0 else {
      throw .invalidValue(
        path: path, field: "(top level)", found: "more values than any honest file has")
    }
    valuesLeft -= 1
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

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(TokenizerError)
    -> JSONValue
  {
    for scalar in "\(word)".unicodeScalars { try expect(scalar) }
    return value
  }

  private mutating func members(depth: Int) throws(TokenizerError) -> [JSONMember] {
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

  private mutating func elements(depth: Int) throws(TokenizerError) -> [JSONValue] {
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
  private mutating func number() throws(TokenizerError) -> JSONValue {
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
