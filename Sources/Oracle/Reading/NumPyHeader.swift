/// The header of a NumPy array, a dictionary literal of Python with exactly three keys:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader {
  /// Byte order, kind and size of an element, such as `<f4`.
  private(set) var elementType = ""
  /// Whether the first dimension runs fastest.
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  /// What is wrong with a header.
  struct Problem: Error {
    /// As part of a sentence.
    let reason: String
  }

  private var rest: Substring

  init(_ text: String) throws(Problem) {
    rest = text[...]
    var found: Set<String> = []
    try take("{")
    while !takes("}") {
      let key = try string()
      guard found.insert(key).inserted else { throw Problem(reason: "its header has \(key) twice") }
      try take(":")
      switch key {
      case "descr": elementType = try string()
      case "fortran_order": isFortranOrder = try truth()
      case "shape": shape = try sizes()
      default: throw Problem(reason: "its header has the unknown key \(key.shown)")
      }
      if !takes(",") {
        try take("}")
        break
      }
    }
    skipSpaces()
    guard rest.isEmpty else { throw Problem(reason: "its header goes on after its end") }
    guard found.count == 3 else {
      throw Problem(reason: "its header lacks one of descr, fortran_order and shape")
    }
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

  private mutating func take(_ character: Character) throws(Problem) {
    guard takes(character) else {
      throw Problem(reason: "its header lacks \(character) before \"\(String(rest).shown)\"")
    }
  }

  private mutating func string() throws(Problem) -> String {
    try take("'")
    guard let end = rest.firstIndex(of: "'") else {
      throw Problem(reason: "a text in its header has no end")
    }
    let text = String(rest[..<end])
    rest = rest[rest.index(after: end)...]
    return text
  }

  private mutating func truth() throws(Problem) -> Bool {
    skipSpaces()
    for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
      rest = rest.dropFirst(word.count)
      return value
    }
    throw Problem(reason: "fortran_order in its header is neither True nor False")
  }

  /// A tuple: `()`, `(3,)` or `(3, 4)`.
  private mutating func sizes() throws(Problem) -> [Int] {
    try take("(")
    var sizes: [Int] = []
    while !takes(")") {
      skipSpaces()
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let size = Int(digits) else {
        throw Problem(reason: "its shape is not a list of sizes")
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
