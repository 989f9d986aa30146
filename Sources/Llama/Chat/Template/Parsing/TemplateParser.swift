/// Parses the statements of a chat template; expressions are in `TemplateParser+Expressions`.
///
/// Of Jinja's statements, `for`, `if`, `set` and `macro` are implemented, with `break` and `continue`.
/// `generation`, by which transformers marks the model's replies, outputs its body.
struct TemplateParser {
  private let tokens: [TemplateToken]
  private var position = 0
  /// The number of statements and expressions around the position.
  var depth = 0
  /// The number of loops around the position.
  var loops = 0

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
  mutating func statements(
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
    case "macro": return [TemplateStatement(kind: try macro(), line: line)]
    case "break", "continue":
      guard loops > 0 else {
        throw .malformed(line: line, problem: "\(keyword) stands outside of a loop")
      }
      try expect(.symbol("%}"))
      return [TemplateStatement(kind: keyword == "break" ? .leave : .proceed, line: line)]
    case "elif", "else", "endif", "endfor", "endgeneration", "endmacro", "endset":
      throw .malformed(line: line, problem: "\(keyword) ends nothing")
    default:
      throw .unsupported(line: line, construct: "the statement \(keyword)")
    }
  }
}
