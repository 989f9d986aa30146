struct TemplateStatement: Sendable {
  indirect enum Kind: Sendable {
    case text(String)
    case output(TemplateExpression)
    /// Runs the body of the first branch whose condition holds; no condition always holds.
    case choice([(condition: TemplateExpression?, body: [TemplateStatement])])
    /// Runs the body for every element that satisfies the condition, and `otherwise` if none does.
    case loop(
      names: [String], over: TemplateExpression, condition: TemplateExpression?,
      body: [TemplateStatement], otherwise: [TemplateStatement])
    /// Assigns a value to a name, its parts to several, or a value to a member of the namespace of this
    /// name.
    case assignment(names: [String], member: String?, value: TemplateExpression)
    /// Assigns the output of the body, after some filters, to a name or a member.
    case capture(
      name: String, member: String?, filters: [TemplateStep], body: [TemplateStatement])
    case macro(String, TemplateMacro)
    /// Ends the innermost loop.
    case leave
    /// Ends this run of the innermost loop's body.
    case proceed
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
  /// A list or a tuple, which differ in nothing that templates do.
  case list([TemplateExpression])
  case mapping([(key: TemplateExpression, value: TemplateExpression)])
  case name(String)
  /// An operand and the steps that apply to it, in order.
  case steps(of: TemplateExpression, [TemplateStep])
  case not(TemplateExpression)
  case negative(TemplateExpression)
  case positive(TemplateExpression)
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

/// A part of a template that can be called, whose value is its output.
struct TemplateMacro: Sendable {
  /// Parameters with the values that they have if no argument is given.
  let parameters: [(name: String, standard: TemplateExpression?)]
  let body: [TemplateStatement]
}
