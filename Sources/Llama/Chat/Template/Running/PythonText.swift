/// The methods of Python's `str` that chat templates use, by Unicode scalar rather than by character.
enum PythonText {
  /// `text.strip(set)`, or at one end only. Without a set, white space is removed: Unicode's, and the
  /// four separators of ASCII.
  static func strip(
    _ text: String, atStart: Bool = true, atEnd: Bool = true, set: String? = nil
  ) -> String {
    let set = set.map { Set($0.unicodeScalars) }
    func isStripped(_ scalar: Unicode.Scalar) -> Bool {
      set?.contains(scalar) ?? isSpace(scalar)
    }
    var scalars = Substring(text).unicodeScalars
    if atStart { scalars = scalars.drop(while: isStripped) }
    while atEnd, let last = scalars.last, isStripped(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// White space: Unicode's, and the four separators of ASCII.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
  }

  /// `text.splitlines()`.
  static func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var follows: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      let isBreak =
        (0x0A...0x0D).contains(scalar.value) || (0x1C...0x1E).contains(scalar.value)
        || [0x85, 0x2028, 0x2029].contains(scalar.value)
      if scalar == "\n", follows == "\r" {
        follows = scalar
        continue
      }
      follows = scalar
      if isBreak {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    return line.isEmpty ? lines : lines + [String(line)]
  }

  /// `text.title()`, or `text.capitalize()`: letters behind others are small, the first of a word, or of
  /// the text, is a capital.
  static func capitalized(_ text: String, everyWord: Bool) -> String {
    var result = ""
    var isFirst = true
    for scalar in text.unicodeScalars {
      result +=
        isFirst ? scalar.properties.titlecaseMapping : scalar.properties.lowercaseMapping
      isFirst = everyWord ? !scalar.properties.isCased : false
    }
    return result
  }

  /// `part in text`.
  static func contains(_ text: String, _ part: String) -> Bool {
    part.isEmpty || TextSearch(part).range(in: Array(text.utf8)[...]) != nil
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
    let search = TextSearch(separator)
    var rest = Array(text.utf8)[...]
    while let range = search.range(in: rest) {
      parts.append(String(decoding: rest[..<range.lowerBound], as: UTF8.self))
      rest = rest[range.upperBound...]
    }
    return parts + [String(decoding: rest, as: UTF8.self)]
  }
}

/// Searches for one text in others, in time linear in the sum of their lengths.
/// Source: Knuth, Morris and Pratt 1977, "Fast Pattern Matching in Strings".
private struct TextSearch {
  private let part: [UInt8]
  /// The number of bytes of `part` that still match after a mismatch behind its first n + 1; index = n.
  private var borders: [Int] = []

  /// - Precondition: `part` is not empty.
  init(_ part: String) {
    self.part = Array(part.utf8)
    var matched = 0
    for index in self.part.indices {
      if index > 0 { matched = length(after: matched, self.part[index]) }
      borders.append(matched)
    }
  }

  /// The first place of the part.
  func range(in text: ArraySlice<UInt8>) -> Range<Int>? {
    var matched = 0
    for index in text.indices {
      matched = length(after: matched, text[index])
      if matched == part.count { return (index + 1 - matched)..<(index + 1) }
    }
    return nil
  }

  private func length(after matched: Int, _ byte: UInt8) -> Int {
    var matched = matched
    while matched > 0, part[matched] != byte { matched = borders[matched - 1] }
    return part[matched] == byte ? matched + 1 : matched
  }
}
