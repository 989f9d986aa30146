// What follows the keyword of a statement.
extension TemplateParser {
  mutating func choice() throws(ChatTemplateError) -> TemplateStatement.Kind {
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

  mutating func loop(line: Int) throws(ChatTemplateError) -> TemplateStatement.Kind {
    let names = try names()
    try expect(.name("in"))
    // The list is read without `if … else`, since an `if` here filters the elements.
    let list = try tuple { parser throws(ChatTemplateError) in try parser.disjunction() }
    let condition: TemplateExpression? = takes(.name("if")) ? try expression() : nil
    if next.kind == .name("recursive") {
      throw .unsupported(line: line, construct: "a recursive loop")
    }
    try expect(.symbol("%}"))
    loops += 1
    defer { loops -= 1 }
    let (body, keyword) = try statements(until: ["endfor", "else"])
    var otherwise: [TemplateStatement] = []
    if keyword == "else" {
      try expect(.symbol("%}"))
      otherwise = try statements(until: ["endfor"]).body
    }
    try expect(.symbol("%}"))
    return .loop(
      names: names, over: list, condition: condition, body: body, otherwise: otherwise)
  }

  /// Names with commas between them, in parentheses or not.
  private mutating func names() throws(ChatTemplateError) -> [String] {
    let isBracketed = takes(.symbol("("))
    var names = [try name()]
    while takes(.symbol(",")) { names.append(try name()) }
    if isBracketed { try expect(.symbol(")")) }
    return names
  }

  mutating func assignment(line: Int) throws(ChatTemplateError) -> TemplateStatement.Kind {
    let names = try names()
    let member: String? =
      names.count == 1 && takes(.symbol(".")) ? try name() : nil
    if takes(.symbol("=")) {
      let value = try tuple { parser throws(ChatTemplateError) in try parser.expression() }
      try expect(.symbol("%}"))
      return .assignment(names: names, member: member, value: value)
    }
    guard names.count == 1 else { throw unexpected() }
    let filters = try filters()
    try expect(.symbol("%}"))
    let body = try statements(until: ["endset"]).body
    try expect(.symbol("%}"))
    return .capture(name: names[0], member: member, filters: filters, body: body)
  }

  mutating func macro() throws(ChatTemplateError) -> TemplateStatement.Kind {
    let name = try name()
    try expect(.symbol("("))
    var parameters: [(name: String, standard: TemplateExpression?)] = []
    while next.kind != .symbol(")") {
      let parameter = try self.name()
      parameters.append((parameter, takes(.symbol("=")) ? try expression() : nil))
      guard takes(.symbol(",")) else { break }
    }
    try expect(.symbol(")"))
    try expect(.symbol("%}"))
    let outerLoops = loops
    loops = 0
    defer { loops = outerLoops }
    let body = try statements(until: ["endmacro"]).body
    try expect(.symbol("%}"))
    return .macro(name, TemplateMacro(parameters: parameters, body: body))
  }

  /// One value, or several with commas between them, which are one list.
  private mutating func tuple(
    _ item: (inout Self) throws(ChatTemplateError) -> TemplateExpression
  ) throws(ChatTemplateError) -> TemplateExpression {
    var items = [try item(&self)]
    guard next.kind == .symbol(",") else { return items[0] }
    while takes(.symbol(",")) {
      if next.kind == .symbol("%}") { break }
      items.append(try item(&self))
    }
    return .list(items)
  }
}
