import Files

/// Splits a Jinja template into tokens, with the settings of transformers: the line feed after a
/// statement is dropped (`trim_blocks`), and so is white space before a statement that begins its
/// line (`lstrip_blocks`).
///
/// Source: Jinja 3.1, "Template Designer Documentation", section "Whitespace Control".
struct TemplateLexer {
  /// The longest name: a step of a run looks it up in every scope.
  static let nameLimit = 256

  private let source: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var tokens: [TemplateToken] = []
  /// The brackets that are open in the tag, as the ones that close them.
  private var brackets: [Unicode.Scalar] = []
  /// Whether what follows begins a line: it is at the top, or a line feed was just dropped.
  private var isAtLineStart = true

  static func tokens(of source: String) throws(ChatTemplateError) -> [TemplateToken] {
    var lexer = TemplateLexer(source: source)
    try lexer.readAll()
    return lexer.tokens
  }

  private init(source: String) {
    // As in Jinja, CR LF and CR are line feeds, and the last one is dropped.
    var scalars: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in source.unicodeScalars {
      if scalar != "\n" || previous != "\r" { scalars.append(scalar == "\r" ? "\n" : scalar) }
      previous = scalar
    }
    if scalars.last == "\n" { scalars.removeLast() }
    self.source = scalars
  }

  private func startsWith(_ text: String, at index: Int) -> Bool {
    source[index...].starts(with: text.unicodeScalars)
  }

  private mutating func advance(_ count: Int) {
    for scalar in source[position..<position + count] where scalar == "\n" { line += 1 }
    position += count
  }

  private mutating func append(_ kind: TemplateToken.Kind) {
    tokens.append(TemplateToken(kind: kind, line: line))
  }

  private mutating func readAll() throws(ChatTemplateError) {
    while position < source.count {
      let begin = source[position...].indices.first { index in
        source[index] == "{" && ["{{", "{%", "{#"].contains { startsWith($0, at: index) }
      }
      appendText(upTo: begin ?? source.count, isLast: begin == nil)
      guard begin != nil else { break }
      switch source[position + 1] {
      case "{": try readTag("{{", closing: "}}")
      case "%": try readTag("{%", closing: "%}")
      default: try skipComment()
      }
    }
    append(.end)
  }

  /// Appends the text before a tag, without the white space that the tag removes.
  private mutating func appendText(upTo end: Int, isLast: Bool) {
    var text = source[position..<end]
    let sign = end + 2 < source.count ? source[end + 2] : " "
    if !isLast, sign == "-" {
      while let last = text.last, last.properties.isWhitespace { text.removeLast() }
    } else if !isLast, sign != "+", source[end + 1] != "{" {
      let lineStart = text.lastIndex(of: "\n").map { $0 + 1 }
      if lineStart != nil || isAtLineStart {
        let indent = text[(lineStart ?? text.startIndex)...]
        if indent.allSatisfy(\.properties.isWhitespace) { text = text[..<indent.startIndex] }
      }
    }
    if !text.isEmpty { append(.text(String(String.UnicodeScalarView(text)))) }
    advance(end - position)
  }

  private mutating func skipComment() throws(ChatTemplateError) {
    guard let end = source[(position + 2)...].indices.first(where: { startsWith("#}", at: $0) })
    else { throw .malformed(line: line, problem: "a comment has no end") }
    let sign = source[end - 1]
    advance(end + 2 - position)
    skipSpace(sign: sign, dropsLineFeed: true)
  }

  /// Skips the white space after a tag: all of it after a `-`, none after a `+`, else at most one line
  /// feed.
  private mutating func skipSpace(sign: Unicode.Scalar, dropsLineFeed: Bool) {
    var end = position
    if sign == "-" {
      while end < source.count, source[end].properties.isWhitespace { end += 1 }
    } else if sign != "+", dropsLineFeed, end < source.count, source[end] == "\n" {
      end += 1
    }
    isAtLineStart = end > position && source[end - 1] == "\n"
    advance(end - position)
  }

  private mutating func readTag(
    _ opening: String, closing: String
  ) throws(ChatTemplateError) {
    append(.symbol(opening))
    advance(2)
    if position < source.count, ["-", "+"].contains(source[position]) { advance(1) }
    brackets = []
    while position < source.count {
      if brackets.isEmpty {
        let sign = source[position]
        let isSigned = sign == "-" || (sign == "+" && closing == "%}")
        if startsWith(closing, at: position) || (isSigned && startsWith(closing, at: position + 1))
        {
          append(.symbol(closing))
          advance(isSigned ? 3 : 2)
          return skipSpace(sign: sign, dropsLineFeed: closing == "%}")
        }
      }
      try readToken()
    }
    throw .malformed(line: line, problem: "\(closing) is missing")
  }

  private mutating func readToken() throws(ChatTemplateError) {
    let first = source[position]
    if first.properties.isWhitespace {
      advance(1)
    } else if first == "'" || first == "\"" {
      try readString(quote: first)
    } else if first == "_" || first.properties.isXIDStart {
      let end = end { $0 == "_" || $0.properties.isXIDContinue }
      guard end - position <= Self.nameLimit else {
        throw .unsupported(line: line, construct: "a name of \(end - position) characters")
      }
      append(.name(take(upTo: end)))
    } else if ("0"..."9").contains(first) {
      try readNumber()
    } else {
      try readSymbol(first)
    }
  }

  private func end(while condition: (Unicode.Scalar) -> Bool) -> Int {
    source[position...].firstIndex { !condition($0) } ?? source.count
  }

  /// Text without line feeds.
  private mutating func take(upTo end: Int) -> String {
    defer { position = end }
    return String(String.UnicodeScalarView(source[position..<end]))
  }

  private mutating func readNumber() throws(ChatTemplateError) {
    let end = end { ("0"..."9").contains($0) || $0 == "_" }
    let digits = take(upTo: end)
    guard let number = Int(digits.filter { $0 != "_" }) else {
      throw .malformed(line: line, problem: "the number \(digits) is too large")
    }
    // Behind a dot it is an index, and another dot the next member: `messages.0.content`.
    let isIndex = tokens.last?.kind == .symbol(".")
    if !isIndex, end + 1 < source.count, source[end] == ".", ("0"..."9").contains(source[end + 1]) {
      throw .unsupported(line: line, construct: "a number with a decimal point")
    }
    append(.integer(number))
  }

  private mutating func readSymbol(_ first: Unicode.Scalar) throws(ChatTemplateError) {
    let pairs: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", "[": "]", "{": "}"]
    if let closing = pairs[first] { brackets.append(closing) }
    if [")", "]", "}"].contains(first), brackets.popLast() != first {
      throw .malformed(line: line, problem: "\(first) closes nothing")
    }
    for symbol in ["==", "!=", "<=", ">=", "//", "**"] where startsWith(symbol, at: position) {
      append(.symbol(symbol))
      return advance(2)
    }
    guard "+-*/%~<>=.,:|()[]{}".unicodeScalars.contains(first) else {
      throw .malformed(line: line, problem: "\(OneLine.quoted(String(first))) is unexpected")
    }
    append(.symbol(String(first)))
    advance(1)
  }

  private mutating func readString(quote: Unicode.Scalar) throws(ChatTemplateError) {
    var content: [Unicode.Scalar] = []
    var index = position + 1
    while index < source.count, source[index] != quote {
      if source[index] == "\\", index + 1 < source.count {
        index = try readEscape(at: index + 1, into: &content)
      } else {
        content.append(source[index])
        index += 1
      }
    }
    guard index < source.count else { throw .malformed(line: line, problem: "a text has no end") }
    append(.string(String(String.UnicodeScalarView(content))))
    advance(index + 1 - position)
  }

  private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"",
    "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "v": "\u{0B}",
  ]

  /// Reads one of Python's escapes, whose first scalar after the backslash is at `start`. An unknown
  /// escape is itself, with its backslash, as in Python.
  ///
  /// - Returns: the index after it.
  private func readEscape(
    at start: Int, into content: inout [Unicode.Scalar]
  ) throws(ChatTemplateError) -> Int {
    func scalar(_ digits: ArraySlice<Unicode.Scalar>, radix: Int) -> Unicode.Scalar? {
      UInt32(String(String.UnicodeScalarView(digits)), radix: radix).flatMap(Unicode.Scalar.init)
    }
    let first = source[start]
    switch first {
    case "\n": break
    case "x", "u", "U":
      let length = first == "x" ? 2 : first == "u" ? 4 : 8
      let digits = source[(start + 1)...].prefix(length)
      guard digits.count == length,
        digits.allSatisfy({ $0.isASCII && $0.properties.isHexDigit }),
        let value = scalar(digits, radix: 16)
      else { throw .malformed(line: line, problem: "the escape \\\(first) is incomplete") }
      content.append(value)
      return start + 1 + length
    case "0"..."7":
      let digits = source[start...].prefix(3).prefix { ("0"..."7").contains($0) }
      guard let value = scalar(digits, radix: 8) else {
        throw .malformed(line: line, problem: "an octal escape is out of range")
      }
      content.append(value)
      return start + digits.count
    case "N":
      throw .unsupported(line: line, construct: "the escape \\N")
    default:
      content += Self.simpleEscapes[first].map { [$0] } ?? ["\\", first]
    }
    return start + 1
  }
}
