extension TemplateInterpreter {
  mutating func value(
    of expression: TemplateExpression
  ) throws(ChatTemplateError) -> TemplateValue {
    try spendSteps(1)
    switch expression {
    case .none: return .none
    case .bool(let flag): return .bool(flag)
    case .integer(let number): return .integer(number)
    case .string(let text): return .string(text)
    case .list(let elements):
      let values = try values(of: elements)
      for value in values { try checkNesting(of: value) }
      return .list(values)
    case .mapping(let members): return try mapping(members)
    case .name(let name): return lookUp(name) ?? .undefined(name)
    case .steps(let operand, let steps):
      var result = try value(of: operand)
      for step in steps { result = try apply(step, to: result) }
      return result
    case .not(let operand): return .bool(try !value(of: operand).isTrue)
    case .negative(let operand):
      guard let number = try value(of: operand).number, number != .min else {
        throw failure("a minus is applied to a value that is not a number")
      }
      return .integer(-number)
    case .positive(let operand):
      guard let number = try value(of: operand).number else {
        throw failure("a plus is applied to a value that is not a number")
      }
      return .integer(number)
    case .logical(let operands, let decisive):
      var result = TemplateValue.none
      for operand in operands {
        result = try value(of: operand)
        if result.isTrue == decisive { break }
      }
      return result
    case .arithmetic(let first, let rest):
      var result = try value(of: first)
      for (symbol, operand) in rest {
        result = try calculate(result, symbol, try value(of: operand))
      }
      return result
    case .comparison(let first, let rest):
      var left = try value(of: first)
      for (symbol, operand) in rest {
        let right = try value(of: operand)
        guard try compare(left, symbol, right) else { return .bool(false) }
        left = right
      }
      return .bool(true)
    case .conditional(let condition, let then, let otherwise):
      if try value(of: condition).isTrue { return try value(of: then) }
      return try otherwise.map { other throws(ChatTemplateError) in try value(of: other) }
        ?? .undefined("the other case of a condition")
    }
  }

  mutating func values(
    of expressions: [TemplateExpression]
  ) throws(ChatTemplateError) -> [TemplateValue] {
    var values: [TemplateValue] = []
    for expression in expressions { values.append(try value(of: expression)) }
    return values
  }

  private mutating func mapping(
    _ members: [(key: TemplateExpression, value: TemplateExpression)]
  ) throws(ChatTemplateError) -> TemplateValue {
    var result: [(key: String, value: TemplateValue)] = []
    for (key, expression) in members {
      guard case .string(let key) = try value(of: key) else {
        throw unsupported("a mapping whose keys are not texts")
      }
      let value = try value(of: expression)
      try checkNesting(of: value)
      try spendSteps(result.count)
      try spend(key: key)
      if let index = result.firstIndex(where: { $0.key == key }) {
        result[index].value = value
      } else {
        result.append((key, value))
      }
    }
    return .mapping(result)
  }

  private mutating func calculate(
    _ left: TemplateValue, _ symbol: String, _ right: TemplateValue
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (symbol, left, right) {
    case ("~", _, _):
      return .string(try joined([try text(of: left), try text(of: right)], separator: ""))
    case ("+", .string(let first), .string(let second)):
      return .string(try joined([first, second], separator: ""))
    case ("+", .list(let first), .list(let second)):
      try spendSteps(first.count)
      try spendSteps(second.count)
      return .list(first + second)
    case ("*", .string, .integer), ("*", .integer, .string), ("*", .list, .integer),
      ("*", .integer, .list), ("%", .string, _), ("/", _, _), ("**", _, _):
      throw unsupported("the operator \(symbol) between a \(left.typeName) and a \(right.typeName)")
    default: break
    }
    guard let first = left.number, let second = right.number else {
      throw failure("\(symbol) has no meaning for a \(left.typeName) and a \(right.typeName)")
    }
    return .integer(try calculate(first, symbol, second))
  }

  private func calculate(
    _ left: Int, _ symbol: String, _ right: Int
  ) throws(ChatTemplateError) -> Int {
    let (result, overflow): (Int, Bool)
    switch symbol {
    case "+": (result, overflow) = left.addingReportingOverflow(right)
    case "-": (result, overflow) = left.subtractingReportingOverflow(right)
    case "*": (result, overflow) = left.multipliedReportingOverflow(by: right)
    case "%", "//":
      guard right != 0 else { throw failure("a number is divided by zero") }
      let (quotient, isTooLarge) = left.dividedReportingOverflow(by: right)
      let remainder = isTooLarge ? 0 : left % right
      // Python rounds down, so a remainder has the divisor's sign.
      let isOff = remainder != 0 && (remainder < 0) != (right < 0)
      (result, overflow) =
        symbol == "%"
        ? (isOff ? remainder + right : remainder, false)
        : (isOff ? quotient - 1 : quotient, isTooLarge)
    default: throw unsupported("the operator \(symbol)")
    }
    guard !overflow else { throw failure("a number is too large") }
    return result
  }
}
