/// The methods of Python's `str` that chat templates use, by Unicode scalar rather than by character.
/// Searches are the standard library's on bytes, whose time is linear in both texts.
enum PythonText {
  /// `text.strip(set)`, or at one end only. Without a set, white space is removed: Unicode's, and the
  /// four separators of ASCII.
  static func strip(
    _ text: String, atStart: Bool = true, atEnd: Bool = true, set: String? = nil
  ) -> String {
    let set = set.map { Set($0.unicodeScalars) }
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      if let set { return set.contains(scalar) }
      return scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
    var scalars = Substring(text).unicodeScalars
    if atStart { scalars = scalars.drop(while: isStripped) }
    while atEnd, let last = scalars.last, isStripped(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// `part in text`.
  static func contains(_ text: String, _ part: String) -> Bool {
    Array(text.utf8).firstRange(of: Array(part.utf8)) != nil
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
    Array(text.utf8).split(separator: Array(separator.utf8), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
