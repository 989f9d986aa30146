// Expressions, from the loosest binding to the tightest (Jinja 3.1, `jinja2/parser.py`).
extension TemplateParser {
  /// `a if b else c`, or anything that binds tighter.
  mutating func expression() throws(ChatTemplateError) -> TemplateExpression {
    let outerDepth = depth
    defer { depth = outerDepth }
    try enter()
    var value = try disjunction()
    while takes(.name("if")) {
      // What was read so far is nested in what follows.
      try enter()
      let condition = try disjunction()
      let otherwise: TemplateExpression? = takes(.name("else")) ? try expression() : nil
      value = .conditional(condition: condition, then: value, otherwise: otherwise)
    }
    return value
  }

  /// `a or b`.
  mutating func disjunction() throws(ChatTemplateError) -> TemplateExpression {
    var operands = [try conjunction()]
    while takes(.name("or")) { operands.append(try conjunction()) }
    return operands.count == 1 ? operands[0] : .logical(operands, decisive: true)
  }

  private mutating func conjunction() throws(ChatTemplateError) -> TemplateExpression {
    var operands = [try negation()]
    while takes(.name("and")) { operands.append(try negation()) }
    return operands.count == 1 ? operands[0] : .logical(operands, decisive: false)
  }

  private mutating func negation() throws(ChatTemplateError) -> TemplateExpression {
    guard takes(.name("not")) else { return try comparison() }
    try enter()
    defer { depth -= 1 }
    return .not(try negation())
  }

  private mutating func comparison() throws(ChatTemplateError) -> TemplateExpression {
    let first = try arithmetic()
    var rest: [(symbol: String, operand: TemplateExpression)] = []
    while let symbol = takeComparison() { rest.append((symbol, try arithmetic())) }
    return rest.isEmpty ? first : .comparison(first, rest)
  }

  private mutating func takeComparison() -> String? {
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where takes(.symbol(symbol)) { return symbol }
    if takes(.name("in")) { return "in" }
    // `not` here can only begin `not in`.
    if takes(.name("not")) { return takes(.name("in")) ? "not in" : "not" }
    return nil
  }

  private static let arithmeticSymbols = [["+", "-"], ["~"], ["*", "//", "/", "%", "**"]]

  /// Operators of one level of `arithmeticSymbols`, from the left; the next level binds tighter.
  private mutating func arithmetic(
    _ level: Int = 0
  ) throws(ChatTemplateError) -> TemplateExpression {
    guard level < Self.arithmeticSymbols.count else { return try operand() }
    let first = try arithmetic(level + 1)
    var rest: [(symbol: String, operand: TemplateExpression)] = []
    while let symbol = Self.arithmeticSymbols[level].first(where: { takes(.symbol($0)) }) {
      rest.append((symbol, try arithmetic(level + 1)))
    }
    return rest.isEmpty ? first : .arithmetic(first, rest)
  }
}
