/// Parses the statements of a chat template; expressions are in `TemplateParser+Expressions`.
///
/// Of Jinja's statements, those are known that decide what a conversation looks like: `for`,
/// `if`, `set`. `generation`, by which transformers marks the model's own words, puts out what is
/// inside. `macro` is read over, since templates define macros for tools; calling one fails.
struct TemplateParser {
  private let tokens: [TemplateToken]
  private var position = 0
  /// How many statements or expressions the parser is inside of.
  var depth = 0

  /// More than any template nests; without a limit, a hostile one would exhaust the stack.
  static let depthLimit = 48

  /// The statements of a template.
  ///
  /// - Throws: `ChatTemplateError.malformed` or `.unsupported`.
  static func parse(_ source: String) throws(ChatTemplateError) -> [TemplateStatement] {
    var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: source))
    let body = try parser.statements(until: [])
    guard parser.next.kind == .end else { throw parser.unexpected() }
    return body
  }

  private init(tokens: [TemplateToken]) {
    self.tokens = tokens
  }

  /// The next token; the last of all is always `.end`, which is never taken.
  var next: TemplateToken { tokens[position] }

  /// Takes the next token.
  mutating func take() -> TemplateToken {
    let token = tokens[position]
    if token.kind != .end { position += 1 }
    return token
  }

  /// Takes the next token if it is of this kind.
  mutating func takes(_ kind: TemplateToken.Kind) -> Bool {
    guard next.kind == kind else { return false }
    _ = take()
    return true
  }

  /// Takes the next token, which must be of this kind.
  mutating func expect(_ kind: TemplateToken.Kind) throws(ChatTemplateError) {
    guard takes(kind) else {
      throw .malformed(line: next.line, problem: "\(next.kind) stands where \(kind) should")
    }
  }

  /// Takes the next token, which must be a name.
  mutating func name() throws(ChatTemplateError) -> String {
    guard case .name(let name) = next.kind else { throw unexpected() }
    _ = take()
    return name
  }

  func unexpected() -> ChatTemplateError {
    .malformed(line: next.line, problem: "\(next.kind) is unexpected")
  }

  /// Checks that there is room for one more level of nesting.
  mutating func enter() throws(ChatTemplateError) {
    depth += 1
    guard depth < Self.depthLimit else {
      throw .malformed(line: next.line, problem: "nesting is too deep")
    }
  }

  /// Statements up to `{%` and one of the keywords, or the end; the keyword is not taken.
  private mutating func statements(
    until keywords: Set<String>
  ) throws(ChatTemplateError) -> [TemplateStatement] {
    try enter()
    defer { depth -= 1 }
    var body: [TemplateStatement] = []
    while true {
      switch next.kind {
      case .text(let text):
        _ = take()
        body.append(.text(text))
      case .outputStart:
        let line = take().line
        body.append(.output(try expression(), line: line))
        try expect(.outputEnd)
      case .statementStart:
        let line = take().line
        guard case .name(let keyword) = next.kind else { throw unexpected() }
        if keywords.contains(keyword) { return body }
        _ = take()
        body += try statement(keyword, line: line)
      case .end:
        guard keywords.isEmpty else {
          let missing = keywords.sorted().joined(separator: " or ")
          throw .malformed(line: next.line, problem: "\(missing) is missing")
        }
        return body
      default:
        throw unexpected()
      }
    }
  }

  private mutating func statement(
    _ keyword: String, line: Int
  ) throws(ChatTemplateError) -> [TemplateStatement] {
    switch keyword {
    case "if": return [try choice(line: line)]
    case "for": return [try loop(line: line)]
    case "set": return [try assignment(line: line)]
    case "generation":
      try expect(.statementEnd)
      return try body(endingWith: "endgeneration")
    case "macro":
      _ = try name()
      while next.kind != .statementEnd, next.kind != .end { _ = take() }
      try expect(.statementEnd)
      _ = try body(endingWith: "endmacro")
      return []
    case "elif", "else", "endif", "endfor", "endgeneration", "endmacro":
      throw .malformed(line: line, problem: "\(keyword) ends nothing")
    default:
      throw .unsupported(line: line, construct: "the statement \(keyword)")
    }
  }

  private mutating func body(
    endingWith keyword: String
  ) throws(ChatTemplateError) -> [TemplateStatement] {
    let body = try statements(until: [keyword])
    _ = take()
    try expect(.statementEnd)
    return body
  }

  private mutating func choice(line: Int) throws(ChatTemplateError) -> TemplateStatement {
    var branches: [(condition: TemplateExpression?, body: [TemplateStatement])] = []
    var condition: TemplateExpression? = try expression()
    while true {
      try expect(.statementEnd)
      // Nothing but the end may follow `else`.
      let isLast = condition == nil
      let body = try statements(until: isLast ? ["endif"] : ["elif", "else", "endif"])
      branches.append((condition, body))
      switch try name() {
      case "elif": condition = try expression()
      case "else": condition = nil
      default:
        try expect(.statementEnd)
        return .choice(branches, line: line)
      }
    }
  }

  private mutating func loop(line: Int) throws(ChatTemplateError) -> TemplateStatement {
    var names = [try name()]
    while takes(.symbol(",")) { names.append(try name()) }
    try expect(.name("in"))
    // The list is read without `if … else`, since an `if` here filters the elements.
    let list = try disjunction()
    let condition: TemplateExpression? = takes(.name("if")) ? try expression() : nil
    if next.kind == .name("recursive") {
      throw .unsupported(line: line, construct: "a recursive loop")
    }
    try expect(.statementEnd)
    let body = try statements(until: ["endfor", "else"])
    guard take().kind == .name("endfor") else {
      throw .unsupported(line: line, construct: "a loop with else")
    }
    try expect(.statementEnd)
    return .loop(names: names, over: list, condition: condition, body: body, line: line)
  }

  private mutating func assignment(line: Int) throws(ChatTemplateError) -> TemplateStatement {
    let name = try name()
    let member: String? = takes(.symbol(".")) ? try self.name() : nil
    guard takes(.symbol("=")) else {
      throw .unsupported(line: line, construct: "set without a value, or of several names")
    }
    let value = try expression()
    try expect(.statementEnd)
    guard let member else { return .assignment(name: name, value: value, line: line) }
    return .memberAssignment(name: name, member: member, value: value, line: line)
  }
}
