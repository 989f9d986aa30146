/// The methods of Python's `str` that chat templates use: they go by Unicode scalar, where
/// Swift's go by character.
enum PythonText {
  /// What `str.strip` takes for white space: Unicode's, and the four separators of ASCII.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// `text.strip()`, or at one end only.
  static func strip(_ text: String, atStart: Bool = true, atEnd: Bool = true) -> String {
    strip(text, atStart: atStart, atEnd: atEnd, isSpace)
  }

  /// The text without the scalars at its ends that satisfy `condition`.
  static func strip(
    _ text: String, atStart: Bool, atEnd: Bool, _ condition: (Unicode.Scalar) -> Bool
  ) -> String {
    var scalars = Substring(text).unicodeScalars
    if atStart { scalars = scalars.drop(while: condition) }
    while atEnd, let last = scalars.last, condition(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// `part in text`.
  static func contains(_ text: String, _ part: String) -> Bool {
    part.isEmpty || range(of: part, in: Array(text.utf8)[...]) != nil
  }

  /// `text.startswith(part)`.
  static func starts(_ text: String, with part: String) -> Bool {
    text.utf8.starts(with: part.utf8)
  }

  /// `text.endswith(part)`.
  static func ends(_ text: String, with part: String) -> Bool {
    text.utf8.reversed().starts(with: part.utf8.reversed())
  }

  /// `text.split(separator)`; the separator is not empty.
  static func split(_ text: String, by separator: String) -> [String] {
    var parts: [String] = []
    var rest = Array(text.utf8)[...]
    while let range = range(of: separator, in: rest) {
      parts.append(String(decoding: rest[..<range.lowerBound], as: UTF8.self))
      rest = rest[range.upperBound...]
    }
    return parts + [String(decoding: rest, as: UTF8.self)]
  }

  private static func range(of part: String, in text: ArraySlice<UInt8>) -> Range<Int>? {
    let part = Array(part.utf8)
    guard let first = part.first else { return nil }
    var index = text.startIndex
    while index + part.count <= text.endIndex {
      if text[index] == first, text[index...].starts(with: part) {
        return index..<(index + part.count)
      }
      index += 1
    }
    return nil
  }
}
