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
///
/// Chains such as `a + b + c` are one node, so that a template's length cannot exhaust the stack;
/// only nesting can, and the parser limits it.
indirect enum TemplateExpression: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case list([TemplateExpression])
  case mapping([(key: TemplateExpression, value: TemplateExpression)])
  case name(String)
  /// An operand and what is done to it, step by step.
  case steps(of: TemplateExpression, [TemplateStep])
  case not(TemplateExpression)
  case negative(TemplateExpression)
  /// `first and second and …`.
  case and([TemplateExpression])
  /// `first or second or …`.
  case or([TemplateExpression])
  /// `first symbol second symbol …`, operators of one rank, from the left.
  case arithmetic(TemplateExpression, [(symbol: String, operand: TemplateExpression)])
  /// `first symbol second symbol …`, where every comparison must hold.
  case comparison(TemplateExpression, [(symbol: String, operand: TemplateExpression)])
  /// `value if condition else other`.
  case conditional(
    condition: TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
}

/// What follows an operand.
enum TemplateStep: Sendable {
  /// `.name`.
  case member(String)
  /// `[key]`.
  case element(TemplateExpression)
  /// `[start:end:step]`.
  case slice(start: TemplateExpression?, end: TemplateExpression?, step: TemplateExpression?)
  /// `(arguments)`.
  case call(TemplateArguments)
  /// `| name(arguments)`.
  case filter(name: String, TemplateArguments)
  /// `is name(arguments)` or `is not name(arguments)`.
  case test(name: String, isNegated: Bool, TemplateArguments)
}

/// What a function, filter or test is called with.
struct TemplateArguments: Sendable {
  /// By place.
  var positional: [TemplateExpression] = []
  /// By name.
  var named: [(name: String, value: TemplateExpression)] = []
}
