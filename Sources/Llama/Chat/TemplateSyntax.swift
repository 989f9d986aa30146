/// A statement of a chat template.
indirect enum TemplateStatement: Sendable {
  /// Puts text out.
  case text(String)
  /// Puts the value of an expression out.
  case output(TemplateExpression, line: Int)
  /// Runs the body of the first branch whose condition holds; no condition always holds.
  case choice([(condition: TemplateExpression?, body: [TemplateStatement])], line: Int)
  /// Runs the body for every element that satisfies the condition.
  case loop(
    names: [String], over: TemplateExpression, condition: TemplateExpression?,
    body: [TemplateStatement], line: Int)
  /// Gives a name a value.
  case assignment(name: String, value: TemplateExpression, line: Int)
  /// Gives a member of a namespace a value.
  case memberAssignment(name: String, member: String, value: TemplateExpression, line: Int)
}

/// An expression of a chat template.
indirect enum TemplateExpression: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case list([TemplateExpression])
  case mapping([(key: TemplateExpression, value: TemplateExpression)])
  case name(String)
  /// `of.name`.
  case member(of: TemplateExpression, name: String)
  /// `of[key]`.
  case element(of: TemplateExpression, key: TemplateExpression)
  /// `of[start:end:step]`.
  case slice(
    of: TemplateExpression, start: TemplateExpression?, end: TemplateExpression?,
    step: TemplateExpression?)
  /// `callee(arguments)`.
  case call(TemplateExpression, TemplateArguments)
  /// `value | name(arguments)`.
  case filter(TemplateExpression, name: String, TemplateArguments)
  /// `value is name(arguments)`.
  case test(TemplateExpression, name: String, TemplateArguments)
  case not(TemplateExpression)
  case negative(TemplateExpression)
  case and(TemplateExpression, TemplateExpression)
  case or(TemplateExpression, TemplateExpression)
  /// `left symbol right`, for arithmetic and `~`.
  case binary(TemplateExpression, symbol: String, TemplateExpression)
  /// `first symbol second symbol third …`, all of which must hold.
  case comparison(TemplateExpression, [(symbol: String, operand: TemplateExpression)])
  /// `value if condition else other`.
  case conditional(
    condition: TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
}

/// What a function, filter or test is called with.
struct TemplateArguments: Sendable {
  /// By place.
  var positional: [TemplateExpression] = []
  /// By name.
  var named: [(name: String, value: TemplateExpression)] = []
}
