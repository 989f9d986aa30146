extension TemplateInterpreter {
  /// `value | name(arguments)`.
  mutating func filter(
    _ value: TemplateValue, _ name: String, _ arguments: [TemplateValue]
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (name, arguments.count) {
    case ("trim", 0): return try call(method: "strip", of: .string(try text(of: value)), [])
    case ("upper", 0), ("lower", 0):
      return try call(method: name, of: .string(try text(of: value)), [])
    case ("string", 0), ("safe", 0): return .string(try text(of: value))
    case ("replace", 2): return try call(method: "replace", of: value, arguments)
    case ("length", 0), ("count", 0): return .integer(try length(of: value))
    case ("first", 0): return try elements(of: value).first ?? .undefined("the first element")
    case ("last", 0): return try elements(of: value).last ?? .undefined("the last element")
    case ("list", 0): return .list(try elements(of: value))
    case ("join", 0), ("join", 1):
      var texts: [String] = []
      for element in try elements(of: value) { texts.append(try text(of: element)) }
      let separator = try text(of: arguments.first ?? .string(""))
      return .string(try joined(texts, separator: separator))
    case ("default", 0...2), ("d", 0...2):
      let isReplaced =
        value.isUndefined || arguments.count == 2 && arguments[1].isTrue && !value.isTrue
      return isReplaced ? arguments.first ?? .string("") : value
    case ("selectattr", 1...3), ("rejectattr", 1...3):
      return .list(try selected(from: value, arguments, holds: name == "selectattr"))
    default: throw unsupported("the filter \(name) with these arguments")
    }
  }

  func text(of value: TemplateValue) throws(ChatTemplateError) -> String {
    guard let text = value.text else { throw unsupported("text made of a \(value.typeName)") }
    return text
  }

  private mutating func length(of value: TemplateValue) throws(ChatTemplateError) -> Int {
    switch value {
    case .string(let text):
      try spend(text: text)
      return text.unicodeScalars.count
    case .list(let elements): return elements.count
    case .mapping(let members): return members.count
    case .undefined: return 0
    default: throw failure("a \(value.typeName) has no length")
    }
  }

  /// The elements whose member `arguments[0]` passes the test `arguments[1]`, or is true.
  private mutating func selected(
    from list: TemplateValue, _ arguments: [TemplateValue], holds: Bool
  ) throws(ChatTemplateError) -> [TemplateValue] {
    var chosen: [TemplateValue] = []
    for element in try elements(of: list) {
      try spendSteps(1)
      let member = try member(arguments[0], of: element)
      var passes = member.isTrue
      if arguments.count > 1 {
        guard case .string(let name) = arguments[1] else {
          throw unsupported("a test that is not named by a text")
        }
        passes = try test(member, name, Array(arguments.dropFirst(2)))
      }
      if passes == holds { chosen.append(element) }
    }
    return chosen
  }

  /// `value is name(arguments)`.
  mutating func test(
    _ value: TemplateValue, _ name: String, _ arguments: [TemplateValue]
  ) throws(ChatTemplateError) -> Bool {
    switch (name, value, arguments.count) {
    case ("defined", _, 0): return !value.isUndefined
    case ("undefined", _, 0): return value.isUndefined
    case ("none", _, 0), ("string", _, 0), ("mapping", _, 0), ("boolean", _, 0):
      return value.typeName == name
    case ("number", _, 0): return value.number != nil
    case ("iterable", _, 0), ("sequence", _, 0):
      switch value {
      case .list, .string, .mapping, .undefined: return true
      default: return false
      }
    case ("true", .bool(let flag), 0): return flag
    case ("false", .bool(let flag), 0): return !flag
    case ("true", _, 0), ("false", _, 0): return false
    case ("equalto", _, 1), ("eq", _, 1), ("==", _, 1): return try equals(value, arguments[0])
    case ("ne", _, 1), ("!=", _, 1): return try !equals(value, arguments[0])
    case ("in", _, 1):
      guard case .list = arguments[0] else { break }
      return try contains(arguments[0], value)
    case ("even", _, 0), ("odd", _, 0):
      guard let number = value.number else {
        throw failure("a \(value.typeName) is neither even nor odd")
      }
      return number.isMultiple(of: 2) == (name == "even")
    case ("divisibleby", _, 1):
      guard let number = value.number, let divisor = arguments[0].number, divisor != 0 else {
        throw failure("divisibleby has no meaning here")
      }
      return number.isMultiple(of: divisor)
    default: break
    }
    throw unsupported("the test \(name) with these arguments")
  }
}

extension TemplateValue {
  fileprivate var isUndefined: Bool {
    if case .undefined = self { true } else { false }
  }
}
