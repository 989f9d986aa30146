extension TemplateInterpreter {
  mutating func apply(
    _ step: TemplateStep, to value: TemplateValue
  ) throws(ChatTemplateError) -> TemplateValue {
    try spendSteps(1)
    switch step {
    case .member(let name):
      return try member(.string(name), of: value)
    case .element(let key):
      return try member(try self.value(of: key), of: value)
    case .slice(let start, let end, let step):
      guard step == nil else { throw unsupported("a slice with a step") }
      return try slice(of: value, from: try bound(start), to: try bound(end))
    case .method(let name, let arguments):
      let values = try positionalValues(of: arguments, "the method \(name)")
      return try call(method: name, of: value, values)
    case .call(let arguments):
      return try call(value, arguments)
    case .filter(let name, let arguments):
      return try filter(value, name, try positionalValues(of: arguments, "the filter \(name)"))
    case .test(let name, let isNegated, let arguments):
      let holds = try test(value, name, try values(of: arguments.positional))
      return .bool(holds != isNegated)
    }
  }

  private mutating func positionalValues(
    of arguments: TemplateArguments, _ construct: String
  ) throws(ChatTemplateError) -> [TemplateValue] {
    guard arguments.named.isEmpty else {
      throw unsupported("arguments by name for \(construct)")
    }
    return try values(of: arguments.positional)
  }

  /// `value.key` and `value[key]`, which Jinja hardly tells apart. A missing member is undefined;
  /// a member of something undefined is an error.
  mutating func member(
    _ key: TemplateValue, of value: TemplateValue
  ) throws(ChatTemplateError) -> TemplateValue {
    switch (value, key) {
    case (.undefined(let name), _):
      throw failure("\(name) is undefined")
    case (.mapping, .string(let name)), (.namespace, .string(let name)):
      if case .mapping(let members) = value { try spendSteps(members.count / 8) }
      try spend(key: name)
      return value.member(name) ?? .undefined(name)
    case (.list(let elements), .integer(let place)):
      return Self.index(place, count: elements.count).map { elements[$0] }
        ?? .undefined("element \(place)")
    case (.string(let text), .integer(let place)):
      try spend(text: text)
      let scalars = Array(text.unicodeScalars)
      return Self.index(place, count: scalars.count).map { .string(String(scalars[$0])) }
        ?? .undefined("character \(place)")
    default:
      return .undefined("a member of a \(value.typeName)")
    }
  }

  /// Negative places count from the end.
  private static func index(_ place: Int, count: Int) -> Int? {
    let index = place < 0 ? place.addingReportingOverflow(count).partialValue : place
    return (0..<count).contains(index) ? index : nil
  }

  private mutating func bound(
    _ expression: TemplateExpression?
  ) throws(ChatTemplateError) -> Int? {
    guard let expression else { return nil }
    let value = try value(of: expression)
    if case .none = value { return nil }
    guard let number = value.number else { throw failure("a bound is a \(value.typeName)") }
    return number
  }

  private mutating func slice(
    of value: TemplateValue, from start: Int?, to end: Int?
  ) throws(ChatTemplateError) -> TemplateValue {
    func range(_ count: Int) -> Range<Int> {
      func clamp(_ place: Int) -> Int {
        place < 0 ? max(0, place.addingReportingOverflow(count).partialValue) : min(place, count)
      }
      let lower = clamp(start ?? 0)
      return lower..<max(lower, clamp(end ?? count))
    }
    switch value {
    case .list(let elements):
      try spendSteps(elements.count)
      return .list(Array(elements[range(elements.count)]))
    case .string(let text):
      try spend(text: text)
      let scalars = Array(text.unicodeScalars)
      return .string(String(String.UnicodeScalarView(scalars[range(scalars.count)])))
    default:
      throw failure("a \(value.typeName) has no slices")
    }
  }

  private mutating func call(
    _ function: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    guard case .function(let name) = function else {
      throw unsupported("a call of a \(function.typeName)")
    }
    let values = try values(of: arguments.positional)
    var named: [String: TemplateValue] = [:]
    for (name, expression) in arguments.named {
      let value = try value(of: expression)
      try checkNesting(of: value)
      named[name] = value
    }
    switch name {
    case "namespace" where values.isEmpty:
      let namespace = TemplateNamespace()
      namespace.members = named
      return .namespace(namespace)
    case "dict" where values.isEmpty:
      // Only looked up by key, so the order of the members does not show.
      return .mapping(named.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    case "raise_exception" where values.count == 1:
      throw .refused(message: values[0].text ?? values[0].typeName)
    case "strftime_now":
      guard case .string(let format)? = values.first, values.count == 1 else { break }
      return .string(try formattedDate(format))
    case "range":
      let bounds = values.compactMap(\.number)
      guard bounds.count == values.count, (1...2).contains(bounds.count) else { break }
      let (lower, upper) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
      var numbers: [TemplateValue] = []
      for number in lower..<max(lower, upper) {
        try spendSteps(1)
        numbers.append(.integer(number))
      }
      return .list(numbers)
    default: break
    }
    throw unsupported("\(name) with these arguments")
  }
}
