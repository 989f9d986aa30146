/// Parses the statements of a chat template; expressions are in `TemplateParser+Expressions`.
///
/// Of Jinja's statements, `for`, `if` and `set` are implemented. `generation`, by which transformers
/// marks the model's replies, outputs its body. `macro` is skipped, since templates define macros for
/// tools; calling one fails.
struct TemplateParser {
  private let tokens: [TemplateToken]
  private var position = 0
  /// The number of statements and expressions around the position.
  var depth = 0

  /// More than any template nests; it bounds the stack.
  static let depthLimit = 48

  static func parse(_ source: String) throws(ChatTemplateError) -> [TemplateStatement] {
    var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: source))
    return try parser.statements().body
  }

  /// The next token; the last of all is always `.end`, which is never taken.
  var next: TemplateToken { tokens[position] }

  mutating func take() -> TemplateToken {
    let token = tokens[position]
    if token.kind != .end { position += 1 }
    return token
  }

  mutating func takes(_ kind: TemplateToken.Kind) -> Bool {
    guard next.kind == kind else { return false }
    _ = take()
    return true
  }

  mutating func expect(_ kind: TemplateToken.Kind) throws(ChatTemplateError) {
    guard takes(kind) else {
      throw .malformed(line: next.line, problem: "\(kind) is expected, but \(next.kind) is found")
    }
  }

  mutating func name() throws(ChatTemplateError) -> String {
    guard case .name(let name) = next.kind else { throw unexpected() }
    _ = take()
    return name
  }

  func unexpected() -> ChatTemplateError {
    .malformed(line: next.line, problem: "\(next.kind) is unexpected")
  }

  mutating func enter() throws(ChatTemplateError) {
    depth += 1
    guard depth < Self.depthLimit else {
      throw .malformed(line: next.line, problem: "nesting is too deep")
    }
  }

  /// Statements up to `{%` and one of the keywords, or the end if there are none; returns the keyword
  /// too.
  private mutating func statements(
    until keywords: Set<String> = []
  ) throws(ChatTemplateError) -> (body: [TemplateStatement], keyword: String) {
    try enter()
    defer { depth -= 1 }
    var body: [TemplateStatement] = []
    while true {
      switch next.kind {
      case .text(let text):
        body.append(TemplateStatement(kind: .text(text), line: take().line))
      case .symbol("{{"):
        let line = take().line
        body.append(TemplateStatement(kind: .output(try expression()), line: line))
        try expect(.symbol("}}"))
      case .symbol("{%"):
        let line = take().line
        let keyword = try name()
        if keywords.contains(keyword) { return (body, keyword) }
        body += try statement(keyword, line: line)
      case .end:
        guard keywords.isEmpty else {
          let missing = keywords.sorted().joined(separator: " or ")
          throw .malformed(line: next.line, problem: "\(missing) is missing")
        }
        return (body, "")
      default:
        throw unexpected()
      }
    }
  }

  private mutating func statement(
    _ keyword: String, line: Int
  ) throws(ChatTemplateError) -> [TemplateStatement] {
    switch keyword {
    case "if": return [TemplateStatement(kind: try choice(), line: line)]
    case "for": return [TemplateStatement(kind: try loop(line: line), line: line)]
    case "set": return [TemplateStatement(kind: try assignment(line: line), line: line)]
    case "generation":
      try expect(.symbol("%}"))
      let body = try statements(until: ["endgeneration"]).body
      try expect(.symbol("%}"))
      return body
    case "macro":
      _ = try name()
      while next.kind != .symbol("%}"), next.kind != .end { _ = take() }
      try expect(.symbol("%}"))
      _ = try statements(until: ["endmacro"])
      try expect(.symbol("%}"))
      return []
    case "elif", "else", "endif", "endfor", "endgeneration", "endmacro":
      throw .malformed(line: line, problem: "\(keyword) ends nothing")
    default:
      throw .unsupported(line: line, construct: "the statement \(keyword)")
    }
  }

  private mutating func choice() throws(ChatTemplateError) -> TemplateStatement.Kind {
    var branches: [(condition: TemplateExpression?, body: [TemplateStatement])] = []
    var condition: TemplateExpression? = try expression()
    while true {
      try expect(.symbol("%}"))
      // Nothing but the end may follow `else`.
      let isLast = condition == nil
      let (body, keyword) = try statements(until: isLast ? ["endif"] : ["elif", "else", "endif"])
      branches.append((condition, body))
      switch keyword {
      case "elif": condition = try expression()
      case "else": condition = nil
      default:
        try expect(.symbol("%}"))
        return .choice(branches)
      }
    }
  }

  private mutating func loop(line: Int) throws(ChatTemplateError) -> TemplateStatement.Kind {
    var names = [try name()]
    while takes(.symbol(",")) { names.append(try name()) }
    try expect(.name("in"))
    // The list is read without `if … else`, since an `if` here filters the elements.
    let list = try disjunction()
    let condition: TemplateExpression? = takes(.name("if")) ? try expression() : nil
    if next.kind == .name("recursive") {
      throw .unsupported(line: line, construct: "a recursive loop")
    }
    try expect(.symbol("%}"))
    let (body, keyword) = try statements(until: ["endfor", "else"])
    if keyword == "else" { throw .unsupported(line: line, construct: "a loop with else") }
    try expect(.symbol("%}"))
    return .loop(names: names, over: list, condition: condition, body: body)
  }

  private mutating func assignment(line: Int) throws(ChatTemplateError) -> TemplateStatement.Kind {
    let name = try name()
    let member: String? = takes(.symbol(".")) ? try self.name() : nil
    guard takes(.symbol("=")) else {
      throw .unsupported(line: line, construct: "set without a value, or of several names")
    }
    let value = try expression()
    try expect(.symbol("%}"))
    return .assignment(name: name, member: member, value: value)
  }
}
