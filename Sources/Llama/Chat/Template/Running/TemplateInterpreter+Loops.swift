extension TemplateInterpreter {
  /// Runs the body for every element that satisfies the condition.
  mutating func loop(
    _ names: [String], over list: TemplateExpression, _ condition: TemplateExpression?,
    _ body: [TemplateStatement], _ otherwise: [TemplateStatement]
  ) throws(ChatTemplateError) -> Flow {
    var elements = try elements(of: try value(of: list))
    if let condition {
      var chosen: [TemplateValue] = []
      for element in elements {
        try spendSteps(1)
        scopes.append(try bindings(of: element, to: names))
        defer { scopes.removeLast() }
        if try value(of: condition).isTrue { chosen.append(element) }
      }
      elements = chosen
    }
    // Jinja runs `else` unless some run of the body reached its end.
    var reachedEnd = false
    for (index, element) in elements.enumerated() {
      try spendSteps(1)
      var scope = try bindings(of: element, to: names)
      scope["loop"] = Self.loopVariable(index, elements)
      scopes.append(scope)
      defer { scopes.removeLast() }
      let flow = try run(body)
      if flow == .leave { break }
      reachedEnd = reachedEnd || flow == .next
    }
    return reachedEnd ? .next : try run(otherwise)
  }

  private static func loopVariable(_ index: Int, _ elements: [TemplateValue]) -> TemplateValue {
    let last = elements.count - 1
    return .mapping([
      ("index", .integer(index + 1)), ("index0", .integer(index)),
      ("revindex", .integer(last - index + 1)), ("revindex0", .integer(last - index)),
      ("first", .bool(index == 0)), ("last", .bool(index == last)),
      ("length", .integer(elements.count)),
      ("previtem", index > 0 ? elements[index - 1] : .undefined("previtem")),
      ("nextitem", index < last ? elements[index + 1] : .undefined("nextitem")),
    ])
  }

  /// One name takes the element as it is; several take its parts.
  func bindings(
    of element: TemplateValue, to names: [String]
  ) throws(ChatTemplateError) -> [String: TemplateValue] {
    if names.count == 1 { return [names[0]: element] }
    guard case .list(let parts) = element, parts.count == names.count else {
      throw failure("a \(element.typeName) cannot be unpacked into \(names.count) names")
    }
    return Dictionary(zip(names, parts)) { $1 }
  }

  /// The elements of a loop over `value`.
  mutating func elements(of value: TemplateValue) throws(ChatTemplateError) -> [TemplateValue] {
    switch value {
    case .list(let elements): return elements
    case .undefined: return []
    case .mapping(let members):
      try spendSteps(members.count)
      return members.map { .string($0.key) }
    case .string(let text):
      try spendSteps(text.utf8.count)
      return text.unicodeScalars.map { .string(String($0)) }
    default: throw failure("a \(value.typeName) has no elements")
    }
  }
}
