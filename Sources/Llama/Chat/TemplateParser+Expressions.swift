// Expressions, from the loosest binding to the tightest (Jinja 3.1, `jinja2/parser.py`).
extension TemplateParser {
  /// `a if b else c`, or anything that binds tighter.
  mutating func expression() throws(ChatTemplateError) -> TemplateExpression {
    try enter()
    defer { depth -= 1 }
    var value = try disjunction()
    while takes(.name("if")) {
      let condition = try disjunction()
      let otherwise: TemplateExpression? = takes(.name("else")) ? try expression() : nil
      value = .conditional(condition: condition, then: value, otherwise: otherwise)
    }
    return value
  }

  /// `a or b`.
  mutating func disjunction() throws(ChatTemplateError) -> TemplateExpression {
    var value = try conjunction()
    while takes(.name("or")) { value = .or(value, try conjunction()) }
    return value
  }

  private mutating func conjunction() throws(ChatTemplateError) -> TemplateExpression {
    var value = try negation()
    while takes(.name("and")) { value = .and(value, try negation()) }
    return value
  }

  private mutating func negation() throws(ChatTemplateError) -> TemplateExpression {
    guard takes(.name("not")) else { return try comparison() }
    try enter()
    defer { depth -= 1 }
    return .not(try negation())
  }

  private mutating func comparison() throws(ChatTemplateError) -> TemplateExpression {
    let first = try sum()
    var rest: [(symbol: String, operand: TemplateExpression)] = []
    while let symbol = takeComparison() { rest.append((symbol, try sum())) }
    return rest.isEmpty ? first : .comparison(first, rest)
  }

  private mutating func takeComparison() -> String? {
    for symbol in ["==", "!=", "<=", ">=", "<", ">"] where takes(.symbol(symbol)) { return symbol }
    if takes(.name("in")) { return "in" }
    // `not` here can only begin `not in`.
    if takes(.name("not")) { return takes(.name("in")) ? "not in" : "not" }
    return nil
  }

  private mutating func takeSymbol(_ symbols: [String]) -> String? {
    symbols.first { takes(.symbol($0)) }
  }

  private mutating func sum() throws(ChatTemplateError) -> TemplateExpression {
    var value = try concatenation()
    while let symbol = takeSymbol(["+", "-"]) {
      value = .binary(value, symbol: symbol, try concatenation())
    }
    return value
  }

  private mutating func concatenation() throws(ChatTemplateError) -> TemplateExpression {
    var value = try product()
    while takes(.symbol("~")) { value = .binary(value, symbol: "~", try product()) }
    return value
  }

  private mutating func product() throws(ChatTemplateError) -> TemplateExpression {
    var value = try filtered()
    while let symbol = takeSymbol(["*", "//", "/", "%", "**"]) {
      value = .binary(value, symbol: symbol, try filtered())
    }
    return value
  }

  /// An operand with its filters, tests and calls.
  private mutating func filtered() throws(ChatTemplateError) -> TemplateExpression {
    if takes(.symbol("-")) {
      try enter()
      defer { depth -= 1 }
      return .negative(try filtered())
    }
    var value = try postfix()
    while true {
      if takes(.symbol("|")) {
        let name = try name()
        value = .filter(value, name: name, try argumentsIfAny())
      } else if takes(.name("is")) {
        value = try test(of: value)
      } else {
        return value
      }
    }
  }

  private mutating func test(
    of value: TemplateExpression
  ) throws(ChatTemplateError) -> TemplateExpression {
    let isNegated = takes(.name("not"))
    let name = try name()
    var arguments = try argumentsIfAny()
    // One argument may stand without parentheses: `is divisibleby 2`.
    if arguments.positional.isEmpty, startsOperand { arguments.positional = [try postfix()] }
    let test = TemplateExpression.test(value, name: name, arguments)
    return isNegated ? .not(test) : test
  }

  private var startsOperand: Bool {
    switch next.kind {
    case .string, .integer, .symbol("["), .symbol("{"): true
    case .name(let name): !["and", "or", "else", "is", "if", "in", "not"].contains(name)
    default: false
    }
  }

  private mutating func argumentsIfAny() throws(ChatTemplateError) -> TemplateArguments {
    next.kind == .symbol("(") ? try arguments() : TemplateArguments()
  }

  private mutating func arguments() throws(ChatTemplateError) -> TemplateArguments {
    try expect(.symbol("("))
    var arguments = TemplateArguments()
    while next.kind != .symbol(")") {
      let value = try expression()
      if case .name(let name) = value, takes(.symbol("=")) {
        arguments.named.append((name, try expression()))
      } else {
        arguments.positional.append(value)
      }
      guard takes(.symbol(",")) else { break }
    }
    try expect(.symbol(")"))
    return arguments
  }

  private mutating func postfix() throws(ChatTemplateError) -> TemplateExpression {
    var value = try primary()
    while true {
      switch next.kind {
      case .symbol("."):
        _ = take()
        value = .member(of: value, name: try name())
      case .symbol("["):
        value = try element(of: value)
      case .symbol("("):
        value = .call(value, try arguments())
      default:
        return value
      }
    }
  }

  private mutating func element(
    of value: TemplateExpression
  ) throws(ChatTemplateError) -> TemplateExpression {
    try expect(.symbol("["))
    var bounds: [TemplateExpression?] = [nil]
    while next.kind != .symbol("]") {
      if takes(.symbol(":")) {
        bounds.append(nil)
      } else {
        bounds[bounds.count - 1] = try expression()
        guard next.kind == .symbol(":") || next.kind == .symbol("]") else { throw unexpected() }
      }
    }
    try expect(.symbol("]"))
    if bounds.count == 1, let key = bounds[0] { return .element(of: value, key: key) }
    guard bounds.count == 2 || bounds.count == 3 else { throw unexpected() }
    return .slice(
      of: value, start: bounds[0], end: bounds[1], step: bounds.count == 3 ? bounds[2] : nil)
  }

  private mutating func primary() throws(ChatTemplateError) -> TemplateExpression {
    let token = take()
    switch token.kind {
    case .name("true"), .name("True"): return .bool(true)
    case .name("false"), .name("False"): return .bool(false)
    case .name("none"), .name("None"): return .none
    case .name(let name): return .name(name)
    case .integer(let number): return .integer(number)
    case .string(var text):
      while case .string(let further) = next.kind {
        _ = take()
        text += further
      }
      return .string(text)
    case .symbol("("):
      let value = try expression()
      try expect(.symbol(")"))
      return value
    case .symbol("["):
      return .list(try elements(until: "]"))
    case .symbol("{"):
      return .mapping(try members())
    default:
      throw .malformed(line: token.line, problem: "\(token.kind) is unexpected")
    }
  }

  private mutating func elements(
    until end: String
  ) throws(ChatTemplateError) -> [TemplateExpression] {
    var elements: [TemplateExpression] = []
    while next.kind != .symbol(end) {
      elements.append(try expression())
      guard takes(.symbol(",")) else { break }
    }
    try expect(.symbol(end))
    return elements
  }

  private mutating func members() throws(ChatTemplateError) -> [(
    key: TemplateExpression, value: TemplateExpression
  )] {
    var members: [(key: TemplateExpression, value: TemplateExpression)] = []
    while next.kind != .symbol("}") {
      let key = try expression()
      try expect(.symbol(":"))
      members.append((key, try expression()))
      guard takes(.symbol(",")) else { break }
    }
    try expect(.symbol("}"))
    return members
  }
}
