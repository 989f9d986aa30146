extension TemplateInterpreter {
  /// `value | name(arguments)`.
  mutating func filter(
    _ value: TemplateValue, _ name: String, _ given: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    switch name {
    case "tojson": return .string(try json(of: value, given))
    case "map": return try mapped(value, given)
    default: break
    }
    let arguments = try positionalValues(of: given, "the filter \(name)")
    switch (name, arguments.count) {
    case ("trim", 0...1):
      return try call(method: "strip", of: .string(try text(of: value)), arguments)
    case ("upper", 0), ("lower", 0), ("capitalize", 0), ("title", 0):
      return try call(method: name, of: .string(try text(of: value)), [])
    case ("string", 0), ("safe", 0): return .string(try text(of: value))
    case ("replace", 2):
      return try call(method: "replace", of: .string(try text(of: value)), arguments)
    case ("length", 0), ("count", 0): return .integer(try length(of: value))
    case ("first", 0): return try elements(of: value).first ?? .undefined("the first element")
    case ("last", 0): return try elements(of: value).last ?? .undefined("the last element")
    case ("list", 0): return .list(try elements(of: value))
    case ("reverse", 0):
      let elements = Array(try elements(of: value).reversed())
      guard case .string = value else { return .list(elements) }
      return .string(elements.compactMap(\.text).joined())
    case ("items", 0):
      if case .undefined = value { return .list([]) }
      return try call(method: "items", of: value, [])
    case ("abs", 0):
      guard let number = value.number, number != .min else { break }
      return .integer(abs(number))
    case ("int", 0...1):
      if let number = value.number { return .integer(number) }
      let text = value.text.map { PythonText.strip($0) } ?? ""
      return Int(text).map { .integer($0) } ?? arguments.first ?? .integer(0)
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
      return .list(
        try selected(
          from: value, holds: name == "selectattr", test: arguments.dropFirst(),
          of: arguments[0]))
    case ("select", 0...2), ("reject", 0...2):
      return .list(
        try selected(from: value, holds: name == "select", test: arguments[...], of: nil))
    default: break
    }
    throw unsupported("the filter \(name) with these arguments")
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

  /// The elements that pass a test, named by the first of `test` with its arguments behind it, or that
  /// are true; or whose member does and is.
  private mutating func selected(
    from list: TemplateValue, holds: Bool, test: ArraySlice<TemplateValue>,
    of key: TemplateValue?
  ) throws(ChatTemplateError) -> [TemplateValue] {
    // Jinja looks at no element of what is false, so that None has none.
    guard list.isTrue else { return [] }
    var chosen: [TemplateValue] = []
    for element in try elements(of: list) {
      try spendSteps(1)
      var subject = element
      if let key { subject = try member(key, of: element) }
      var passes = subject.isTrue
      if let name = test.first {
        guard case .string(let name) = name else {
          throw unsupported("a test that is not named by a text")
        }
        passes = try self.test(subject, name, Array(test.dropFirst()))
      }
      if passes == holds { chosen.append(element) }
    }
    return chosen
  }

  /// `list | map('filter')` or `list | map(attribute='name')`.
  private mutating func mapped(
    _ list: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    guard list.isTrue else { return .list([]) }
    var results: [TemplateValue] = []
    for element in try elements(of: list) {
      try spendSteps(1)
      if arguments.positional.isEmpty, arguments.named.count == 1,
        arguments.named[0].name == "attribute"
      {
        results.append(try member(try value(of: arguments.named[0].value), of: element))
      } else if arguments.named.isEmpty, let first = arguments.positional.first,
        case .string(let name) = try value(of: first)
      {
        let others = TemplateArguments(positional: Array(arguments.positional.dropFirst()))
        results.append(try filter(element, name, others))
      } else {
        throw unsupported("the filter map with these arguments")
      }
    }
    return .list(results)
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
    case ("integer", .integer, 0): return true
    case ("integer", _, 0), ("float", _, 0): return false
    case ("callable", _, 0):
      switch value {
      case .function, .macro: return true
      default: return false
      }
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
