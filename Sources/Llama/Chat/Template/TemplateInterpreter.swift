import Foundation

/// Runs a chat template.
///
/// Undefined names, truth, equality and scopes are Jinja's; values are Python's. What is not
/// implemented is an error, so that every output is the one of transformers.
struct TemplateInterpreter {
  private(set) var output = ""
  /// Names, by scope; the innermost is last. A loop's body is a scope, a branch is not.
  private var scopes: [[String: TemplateValue]]
  /// The result of `strftime_now`.
  let date: Date
  /// The line that is running, for error messages.
  private(set) var line = 1
  private var stepsLeft: Int
  private var textLeft: Int

  /// - Parameters:
  ///   - names: what the template can refer to, besides the functions of transformers.
  ///   - stepLimit: the most steps of the run: statements, expressions, elements touched.
  ///   - textLimit: the most bytes of text that it may read and make, intermediate results included.
  init(names: [String: TemplateValue], stepLimit: Int, textLimit: Int, date: Date) {
    stepsLeft = stepLimit
    textLeft = textLimit
    var globals = names
    for function in ["raise_exception", "namespace", "range", "strftime_now", "dict"] {
      globals[function] = .function(function)
    }
    scopes = [globals]
    self.date = date
  }

  mutating func run(_ statements: [TemplateStatement]) throws(ChatTemplateError) {
    for statement in statements { try run(statement) }
  }

  private mutating func run(_ statement: TemplateStatement) throws(ChatTemplateError) {
    try spendSteps(1)
    line = statement.line
    switch statement.kind {
    case .text(let text): try put(text)
    case .output(let expression): try put(try text(of: try value(of: expression)))
    case .choice(let branches):
      for (condition, body) in branches {
        if let condition, try !value(of: condition).isTrue { continue }
        return try run(body)
      }
    case .loop(let names, let list, let condition, let body):
      try loop(names, over: list, condition, body)
    case .assignment(let name, nil, let expression):
      scopes[scopes.count - 1][name] = try value(of: expression)
    case .assignment(let name, let member?, let expression):
      guard case .namespace(let namespace)? = lookUp(name) else {
        throw failure("\(name) is not a namespace")
      }
      let value = try value(of: expression)
      try checkNesting(of: value)
      namespace.members[member] = value
    }
  }

  private mutating func put(_ text: String) throws(ChatTemplateError) {
    try spend(text: text)
    output += text
  }

  private mutating func loop(
    _ names: [String], over list: TemplateExpression, _ condition: TemplateExpression?,
    _ body: [TemplateStatement]
  ) throws(ChatTemplateError) {
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
    for (index, element) in elements.enumerated() {
      try spendSteps(1)
      var scope = try bindings(of: element, to: names)
      scope["loop"] = Self.loopVariable(index, elements)
      scopes.append(scope)
      defer { scopes.removeLast() }
      try run(body)
    }
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
  private func bindings(
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

  /// The value of a name, from the innermost scope that has it.
  func lookUp(_ name: String) -> TemplateValue? {
    scopes.last { $0[name] != nil }?[name]
  }

  mutating func spendSteps(_ count: Int) throws(ChatTemplateError) {
    stepsLeft -= min(count, stepsLeft)
    guard stepsLeft > 0 else { throw .endless(line: line) }
  }

  /// Counts text that is read or made: it bounds memory and time.
  mutating func spend(text: String) throws(ChatTemplateError) {
    textLeft -= min(text.utf8.count, textLeft)
    guard textLeft > 0 else { throw .endless(line: line) }
  }

  /// Counts a key that is looked up, if it is longer than a name can be.
  mutating func spend(key: String) throws(ChatTemplateError) {
    if key.utf8.count > TemplateLexer.nameLimit { try spend(text: key) }
  }

  /// Checks a value that is put inside another one.
  ///
  /// Comparing and freeing a value recurse to its innermost, so nesting is limited. A namespace can be
  /// changed later and could contain itself, so none may be inside another value.
  mutating func checkNesting(
    of value: TemplateValue, depth: Int = 1
  ) throws(ChatTemplateError) {
    try spendSteps(1)
    guard depth < TemplateParser.depthLimit else { throw unsupported("values nested so deeply") }
    switch value {
    case .namespace: throw unsupported("a namespace inside another value")
    case .list(let elements):
      for element in elements { try checkNesting(of: element, depth: depth + 1) }
    case .mapping(let members):
      for member in members { try checkNesting(of: member.value, depth: depth + 1) }
    default: break
    }
  }

  func failure(_ problem: String) -> ChatTemplateError {
    .failed(line: line, problem: problem)
  }

  func unsupported(_ construct: String) -> ChatTemplateError {
    .unsupported(line: line, construct: construct)
  }
}
