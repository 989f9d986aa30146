extension JSONParser {
  /// Reads a string, as UTF-8.
  mutating func string() throws(FileError) -> [UInt8] {
    try expect("\"")
    var text: [UInt8] = []
    var start = position
    var isASCII = true
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[start..<position]
        guard isASCII || String(validating: text, as: UTF8.self) != nil else {
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
        throw error("a string contains a control character")
      default:
        isASCII = isASCII && byte < 0x80
        position += 1
      }
    }
    throw error("a string has no end")
  }

  private mutating func escape() throws(FileError) -> [UInt8] {
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
  private mutating func unicodeEscape() throws(FileError) -> [UInt8] {
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

  private mutating func fourHexDigits() throws(FileError) -> UInt32 {
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
