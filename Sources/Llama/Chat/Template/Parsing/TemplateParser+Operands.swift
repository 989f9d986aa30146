// Operands: values with the members, calls, filters and tests that follow them.
extension TemplateParser {
  /// A value with all steps after it. A minus binds tighter than filters and tests, but not than members
  /// and calls.
  mutating func operand() throws(ChatTemplateError) -> TemplateExpression {
    let value = try signed()
    var steps: [TemplateStep] = []
    while true {
      if next.kind == .symbol("|") {
        steps += try filters()
      } else if takes(.name("is")) {
        steps.append(try test())
      } else {
        return steps.isEmpty ? value : .steps(of: value, steps)
      }
    }
  }

  /// `| name(arguments)`, any number of times.
  mutating func filters() throws(ChatTemplateError) -> [TemplateStep] {
    var filters: [TemplateStep] = []
    while takes(.symbol("|")) {
      filters.append(.filter(name: try name(), try argumentsIfAny()))
    }
    return filters
  }

  private mutating func signed() throws(ChatTemplateError) -> TemplateExpression {
    let isNegative = next.kind == .symbol("-")
    guard isNegative || next.kind == .symbol("+") else { return try postfix() }
    _ = take()
    try enter()
    defer { depth -= 1 }
    return isNegative ? .negative(try signed()) : .positive(try signed())
  }

  private mutating func test() throws(ChatTemplateError) -> TemplateStep {
    let isNegated = takes(.name("not"))
    let name = try name()
    var arguments = try argumentsIfAny()
    // One argument needs no parentheses: `is divisibleby 2`.
    if arguments.positional.isEmpty, startsOperand { arguments.positional = [try postfix()] }
    return .test(name: name, isNegated: isNegated, arguments)
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
    try list(")") { parser throws(ChatTemplateError) in
      let value = try parser.expression()
      if case .name(let name) = value, parser.takes(.symbol("=")) {
        arguments.named.append((name, try parser.expression()))
      } else {
        arguments.positional.append(value)
      }
    }
    return arguments
  }

  private mutating func postfix() throws(ChatTemplateError) -> TemplateExpression {
    let value = try primary()
    var steps: [TemplateStep] = []
    while true {
      if takes(.symbol(".")) {
        if case .integer(let index) = next.kind {
          _ = take()
          steps.append(.element(.integer(index)))
          continue
        }
        let name = try name()
        let isCalled = next.kind == .symbol("(")
        steps.append(isCalled ? .method(name: name, try arguments()) : .member(name))
      } else if takes(.symbol("[")) {
        steps.append(try element())
      } else if next.kind == .symbol("(") {
        steps.append(.call(try arguments()))
      } else {
        return steps.isEmpty ? value : .steps(of: value, steps)
      }
    }
  }

  private mutating func element() throws(ChatTemplateError) -> TemplateStep {
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
    switch bounds.count {
    case 1:
      guard let key = bounds[0] else { throw unexpected() }
      return .element(key)
    case 2: return .slice(start: bounds[0], end: bounds[1], step: nil)
    case 3: return .slice(start: bounds[0], end: bounds[1], step: bounds[2])
    default: throw unexpected()
    }
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
      if takes(.symbol(")")) { return .list([]) }
      var items = [try expression()]
      guard next.kind == .symbol(",") else {
        try expect(.symbol(")"))
        return items[0]
      }
      while takes(.symbol(",")), next.kind != .symbol(")") { items.append(try expression()) }
      try expect(.symbol(")"))
      return .list(items)
    case .symbol("["):
      return .list(try elements())
    case .symbol("{"):
      return .mapping(try members())
    default:
      throw .malformed(line: token.line, problem: "\(token.kind) is unexpected")
    }
  }

  private mutating func elements() throws(ChatTemplateError) -> [TemplateExpression] {
    var elements: [TemplateExpression] = []
    try list("]") { parser throws(ChatTemplateError) in elements.append(try parser.expression()) }
    return elements
  }

  private mutating func members() throws(ChatTemplateError) -> [(
    key: TemplateExpression, value: TemplateExpression
  )] {
    var members: [(key: TemplateExpression, value: TemplateExpression)] = []
    try list("}") { parser throws(ChatTemplateError) in
      let key = try parser.expression()
      try parser.expect(.symbol(":"))
      members.append((key, try parser.expression()))
    }
    return members
  }

  /// Items with commas between them, up to a closing bracket, which is taken.
  private mutating func list(
    _ end: String, item: (inout Self) throws(ChatTemplateError) -> Void
  ) throws(ChatTemplateError) {
    while next.kind != .symbol(end) {
      try item(&self)
      guard takes(.symbol(",")) else { break }
    }
    try expect(.symbol(end))
  }
}
