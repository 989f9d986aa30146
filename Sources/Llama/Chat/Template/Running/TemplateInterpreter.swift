import Foundation

/// Runs a chat template.
///
/// Undefined names, truth, equality and scopes are Jinja's; values are Python's. What is not
/// implemented is an error, so that every output is the one of transformers.
struct TemplateInterpreter {
  var output = ""
  /// Names, by scope; the innermost is last. A loop's body is a scope, a branch is not.
  var scopes: [[String: TemplateValue]]
  /// Calls of macros that have not ended.
  var calls = 0
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

  /// Where a run of statements goes on.
  enum Flow {
    case next
    /// Behind the innermost loop.
    case leave
    /// With the next element of the innermost loop.
    case proceed
  }

  @discardableResult
  mutating func run(_ statements: [TemplateStatement]) throws(ChatTemplateError) -> Flow {
    for statement in statements {
      let flow = try run(statement)
      if flow != .next { return flow }
    }
    return .next
  }

  private mutating func run(_ statement: TemplateStatement) throws(ChatTemplateError) -> Flow {
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
    case .loop(let names, let list, let condition, let body, let otherwise):
      return try loop(names, over: list, condition, body, otherwise)
    case .assignment(let names, nil, let expression):
      let bound = try bindings(of: try value(of: expression), to: names)
      scopes[scopes.count - 1].merge(bound) { $1 }
    case .assignment(let names, let member?, let expression):
      try assign(try value(of: expression), to: member, of: names[0])
    case .capture(let name, let member, let filters, let body):
      var captured = TemplateValue.string(try output(of: body))
      for filter in filters { captured = try apply(filter, to: captured) }
      if let member {
        try assign(captured, to: member, of: name)
      } else {
        scopes[scopes.count - 1][name] = captured
      }
    case .macro(let name, let macro):
      guard scopes.count == 1 else { throw unsupported("a macro inside a loop or macro") }
      scopes[0][name] = .macro(name, macro)
    case .leave: return .leave
    case .proceed: return .proceed
    }
    return .next
  }

  private mutating func assign(
    _ value: TemplateValue, to member: String, of name: String
  ) throws(ChatTemplateError) {
    guard case .namespace(let namespace)? = lookUp(name) else {
      throw failure("\(name) is not a namespace")
    }
    try checkNesting(of: value)
    namespace.members[member] = value
  }

  /// What statements output, which is then a value. A loop around them cannot be left from within.
  mutating func output(of body: [TemplateStatement]) throws(ChatTemplateError) -> String {
    let before = output
    output = ""
    defer { output = before }
    guard try run(body) == .next else { throw unsupported("break or continue inside set") }
    return output
  }

  private mutating func put(_ text: String) throws(ChatTemplateError) {
    try spend(text: text)
    output += text
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
    case .namespace, .macro: throw unsupported("a \(value.typeName) inside another value")
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
