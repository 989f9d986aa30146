import Files

/// The header of a NumPy array, a dictionary literal of Python with exactly three keys:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader {
  /// Byte order, kind and size of an element, such as `<f4`.
  private(set) var elementType = ""
  /// Whether the first dimension runs fastest.
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  private let path: String
  private var rest: Substring

  init(_ text: String, path: String) throws(FileError) {
    (self.path, rest) = (path, text[...])
    var found: Set<String> = []
    try take("{")
    while !takes("}") {
      let key = try string()
      guard found.insert(key).inserted else { throw malformed("has \(key) twice") }
      try take(":")
      switch key {
      case "descr": elementType = try string()
      case "fortran_order": isFortranOrder = try truth()
      case "shape": shape = try sizes()
      default: throw malformed("has the unknown key \(key.shown)")
      }
      if !takes(",") {
        try take("}")
        break
      }
    }
    skipSpaces()
    guard rest.isEmpty else { throw malformed("goes on after its end") }
    guard found.count == 3 else {
      throw malformed("lacks one of descr, fortran_order and shape")
    }
  }

  private func malformed(_ reason: String) -> FileError {
    FileError(path, "the header of the NumPy array", .malformed(reason: reason))
  }

  private mutating func skipSpaces() {
    rest = rest.drop { $0 == " " || $0 == "\n" }
  }

  private mutating func takes(_ character: Character) -> Bool {
    skipSpaces()
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func take(_ character: Character) throws(FileError) {
    guard takes(character) else {
      throw malformed("lacks \(character) before \"\(String(rest).shown)\"")
    }
  }

  private mutating func string() throws(FileError) -> String {
    try take("'")
    guard let end = rest.firstIndex(of: "'") else {
      throw malformed("has a text without an end")
    }
    let text = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    return text
  }

  private mutating func truth() throws(FileError) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      return value
    }
    throw malformed("has a fortran_order that is neither True nor False")
  }

  /// A tuple: `()`, `(3,)` or `(3, 4)`.
  private mutating func sizes() throws(FileError) -> [Int] {
    try take("(")
    var sizes: [Int] = []
    while !takes(")") {
      skipSpaces()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let size = Int(digits) else {
        throw malformed("has a shape that is not a list of sizes")
      }
      rest = rest.dropFirst(digits.count)
      sizes.append(size)
      if !takes(",") {
        try take(")")
        break
      }
    }
    return sizes
  }
}
