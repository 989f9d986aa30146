import Files

/// Cuts a Jinja template into tokens, with the settings of transformers: the line feed after a
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
  /// Whether what follows begins a line: it is at the top, or a line feed was just dropped.
  private var isAtLineStart = true

  /// The tokens of a template.
  ///
  /// - Throws: `ChatTemplateError.malformed` or `.unsupported`.
  static func tokens(of source: String) throws(ChatTemplateError) -> [TemplateToken] {
    var lexer = TemplateLexer(source: source)
    try lexer.readAll()
    return lexer.tokens
  }

  private init(source: String) {
    // Jinja knows one kind of line end, and drops the last.
    var scalars: [Unicode.Scalar] = []
    for scalar in source.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      if scalars.last == "\r" { scalars[scalars.count - 1] = "\n" }
      scalars.append(scalar)
    }
    if scalars.last == "\r" { scalars[scalars.count - 1] = "\n" }
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
      case "{": try readTag(.outputStart, .outputEnd, closing: "}}")
      case "%": try readTag(.statementStart, .statementEnd, closing: "%}")
      default: try skipComment()
      }
    }
    append(.end)
  }

  /// Appends the text before a tag, without the white space that the tag takes away.
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

  /// Takes away the white space after a tag: all of it after a `-`, none after a `+`, else at
  /// most one line feed.
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
    _ start: TemplateToken.Kind, _ end: TemplateToken.Kind, closing: String
  ) throws(ChatTemplateError) {
    append(start)
    advance(2)
    if position < source.count, ["-", "+"].contains(source[position]) { advance(1) }
    var brackets: [Unicode.Scalar] = []
    while position < source.count {
      if brackets.isEmpty {
        let sign = source[position]
        let isSigned = sign == "-" || (sign == "+" && closing == "%}")
        if startsWith(closing, at: position) || (isSigned && startsWith(closing, at: position + 1))
        {
          append(end)
          advance(isSigned ? 3 : 2)
          return skipSpace(sign: sign, dropsLineFeed: closing == "%}")
        }
      }
      try readToken(&brackets)
    }
    throw .malformed(line: line, problem: "\(closing) is missing")
  }

  private mutating func readToken(_ brackets: inout [Unicode.Scalar]) throws(ChatTemplateError) {
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
      append(.name(text(upTo: end)))
      advance(end - position)
    } else if ("0"..."9").contains(first) {
      try readNumber()
    } else {
      try readSymbol(first, &brackets)
    }
  }

  private func end(while condition: (Unicode.Scalar) -> Bool) -> Int {
    source[position...].firstIndex { !condition($0) } ?? source.count
  }

  private func text(upTo end: Int) -> String {
    String(String.UnicodeScalarView(source[position..<end]))
  }

  private mutating func readNumber() throws(ChatTemplateError) {
    let end = end { ("0"..."9").contains($0) || $0 == "_" }
    guard let number = Int(text(upTo: end).filter { $0 != "_" }) else {
      throw .malformed(line: line, problem: "the number \(text(upTo: end)) is too large")
    }
    if end + 1 < source.count, source[end] == ".", ("0"..."9").contains(source[end + 1]) {
      throw .unsupported(line: line, construct: "a number with a decimal point")
    }
    append(.integer(number))
    advance(end - position)
  }

  private mutating func readSymbol(
    _ first: Unicode.Scalar, _ brackets: inout [Unicode.Scalar]
  ) throws(ChatTemplateError) {
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
        let (scalars, end) = try TemplateEscape.read(source, at: index + 1, line: line)
        content += scalars
        index = end
      } else {
        content.append(source[index])
        index += 1
      }
    }
    guard index < source.count else { throw .malformed(line: line, problem: "a text has no end") }
    append(.string(String(String.UnicodeScalarView(content))))
    advance(index + 1 - position)
  }
}
