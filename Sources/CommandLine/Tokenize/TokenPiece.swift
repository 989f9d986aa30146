enum TokenPiece {
  /// The bytes as text, with `\n`, `\t`, `\r`, `\"` and `\\` for those characters, `\u{…}` for other
  /// control characters and `\x…` for bytes that are not UTF-8.
  static func escaped(_ bytes: [UInt8]) -> String {
    var result = ""
    var rest = bytes[...]
    while let first = rest.first {
      let length = max(1, min(rest.count, (~first).leadingZeroBitCount))
      if let text = String(validating: rest.prefix(length), as: UTF8.self) {
        result += text.unicodeScalars.map(escaped).joined()
        rest = rest.dropFirst(length)
      } else {
        result += "\\x" + hexadecimal(UInt32(first))
        rest = rest.dropFirst()
      }
    }
    return result
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    case "\"", "\\": "\\\(scalar)"
    default:
      scalar.properties.generalCategory == .control
        ? "\\u{\(hexadecimal(scalar.value))}" : String(scalar)
    }
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return digits.count < 2 ? "0" + digits : digits
  }
}
