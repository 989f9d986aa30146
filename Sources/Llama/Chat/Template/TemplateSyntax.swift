struct TemplateStatement: Sendable {
  indirect enum Kind: Sendable {
    case text(String)
    case output(TemplateExpression)
    /// Runs the body of the first branch whose condition holds; no condition always holds.
    case choice([(condition: TemplateExpression?, body: [TemplateStatement])])
    /// Runs the body for every element that satisfies the condition.
    case loop(
      names: [String], over: TemplateExpression, condition: TemplateExpression?,
      body: [TemplateStatement])
    /// Assigns a value to a name, or to a member of the namespace of this name.
    case assignment(name: String, member: String?, value: TemplateExpression)
  }

  var kind: Kind
  /// The line it begins in, from 1.
  var line: Int
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
  /// An operand and the steps that apply to it, in order.
  case steps(of: TemplateExpression, [TemplateStep])
  case not(TemplateExpression)
  case negative(TemplateExpression)
  /// `first and second and …`, or with `or`: the first operand with the truth `decisive`, else the last.
  case logical([TemplateExpression], decisive: Bool)
  /// `first symbol second symbol …`, operators of one rank, from the left.
  case arithmetic(TemplateExpression, [(symbol: String, operand: TemplateExpression)])
  /// `first symbol second symbol …`, where every comparison must hold.
  case comparison(TemplateExpression, [(symbol: String, operand: TemplateExpression)])
  /// `value if condition else other`.
  case conditional(
    condition: TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
}

/// A member access, call, filter or test after an operand.
enum TemplateStep: Sendable {
  /// `.name`.
  case member(String)
  /// `[key]`.
  case element(TemplateExpression)
  /// `[start:end:step]`.
  case slice(start: TemplateExpression?, end: TemplateExpression?, step: TemplateExpression?)
  /// `.name(arguments)`.
  case method(name: String, TemplateArguments)
  /// `(arguments)`.
  case call(TemplateArguments)
  /// `| name(arguments)`.
  case filter(name: String, TemplateArguments)
  /// `is name(arguments)` or `is not name(arguments)`.
  case test(name: String, isNegated: Bool, TemplateArguments)
}

struct TemplateArguments: Sendable {
  var positional: [TemplateExpression] = []
  var named: [(name: String, value: TemplateExpression)] = []
}
