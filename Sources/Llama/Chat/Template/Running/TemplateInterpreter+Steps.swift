extension TemplateInterpreter {
  mutating func apply(
    _ step: TemplateStep, to value: TemplateValue
  ) throws(ChatTemplateError) -> TemplateValue {
    try spendSteps(1)
    switch step {
    case .member(let name):
      return value.hasMethod(name) ? .function(name) : try member(.string(name), of: value)
    case .element(let key):
      return try member(try self.value(of: key), of: value)
    case .slice(let start, let end, let step):
      return try slice(
        of: value, from: try bound(start), to: try bound(end), step: try bound(step) ?? 1)
    case .method(let name, let arguments):
      if case .macro = value.member(name) ?? .none {
        return try call(try member(.string(name), of: value), arguments)
      }
      let values = try positionalValues(of: arguments, "the method \(name)")
      return try call(method: name, of: value, values)
    case .call(let arguments):
      return try call(value, arguments)
    case .filter(let name, let arguments):
      return try filter(value, name, arguments)
    case .test(let name, let isNegated, let arguments):
      let holds = try test(value, name, try values(of: arguments.positional))
      return .bool(holds != isNegated)
    }
  }

  mutating func positionalValues(
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
      return value.member(name) ?? (value.hasMethod(name) ? .function(name) : .undefined(name))
    case (.list(let elements), _) where key.number != nil:
      let place = key.number ?? 0
      return Self.index(place, count: elements.count).map { elements[$0] }
        ?? .undefined("element \(place)")
    case (.string(let text), _) where key.number != nil:
      let place = key.number ?? 0
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
    of value: TemplateValue, from start: Int?, to end: Int?, step: Int
  ) throws(ChatTemplateError) -> TemplateValue {
    guard step != 0 else { throw failure("a slice has the step 0") }
    switch value {
    case .list(let elements):
      try spendSteps(elements.count)
      return .list(Self.places(elements.count, start, end, step).map { elements[$0] })
    case .string(let text):
      try spend(text: text)
      let scalars = Array(text.unicodeScalars)
      let chosen = Self.places(scalars.count, start, end, step).map { scalars[$0] }
      return .string(String(String.UnicodeScalarView(chosen)))
    default:
      throw failure("a \(value.typeName) has no slices")
    }
  }

  /// The places that Python's slice `[start:end:step]` takes of so many elements.
  private static func places(_ count: Int, _ start: Int?, _ end: Int?, _ step: Int) -> [Int] {
    // Going back, the places before the first and the last are -1 and count - 1.
    let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
    func clamp(_ place: Int) -> Int {
      let index = place < 0 ? place.addingReportingOverflow(count).partialValue : place
      return min(max(index, lowest), highest)
    }
    let first = start.map(clamp) ?? (step > 0 ? lowest : highest)
    let last = end.map(clamp) ?? (step > 0 ? highest : lowest)
    return Array(stride(from: first, to: last, by: step))
  }

  private mutating func call(
    _ function: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    if case .macro(let name, let macro) = function { return try call(name, macro, arguments) }
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
