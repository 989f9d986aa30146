/// The escapes in a template's text literals, which are Python's.
enum TemplateEscape {
  private static let simple: [Unicode.Scalar: Unicode.Scalar] = [
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"",
    "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "v": "\u{0B}",
  ]

  /// Reads the escape whose first scalar after the backslash is at `start`.
  ///
  /// - Returns: what it stands for, and the index after it. An unknown escape stands for itself,
  ///   backslash and all, as in Python.
  static func read(
    _ source: [Unicode.Scalar], at start: Int, line: Int
  ) throws(ChatTemplateError) -> (scalars: [Unicode.Scalar], end: Int) {
    let first = source[start]
    if let scalar = simple[first] { return ([scalar], start + 1) }
    switch first {
    case "\n":
      return ([], start + 1)
    case "x", "u", "U":
      let length = first == "x" ? 2 : first == "u" ? 4 : 8
      let digits = source[(start + 1)...].prefix(length)
      guard digits.count == length,
        digits.allSatisfy({ $0.isASCII && $0.properties.isHexDigit }),
        let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 16),
        let scalar = Unicode.Scalar(value)
      else { throw .malformed(line: line, problem: "the escape \\\(first) is incomplete") }
      return ([scalar], start + 1 + length)
    case "0"..."7":
      let digits = source[start...].prefix(3).prefix { ("0"..."7").contains($0) }
      guard let value = UInt32(String(String.UnicodeScalarView(digits)), radix: 8),
        let scalar = Unicode.Scalar(value)
      else { throw .malformed(line: line, problem: "an octal escape is out of range") }
      return ([scalar], start + digits.count)
    case "N":
      throw .unsupported(line: line, construct: "the escape \\N")
    default:
      return (["\\", first], start + 1)
    }
  }
}
