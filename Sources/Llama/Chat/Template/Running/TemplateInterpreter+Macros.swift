extension TemplateInterpreter {
  /// Macros that call each other more deeply than this would exhaust the stack.
  private static let callLimit = 16

  /// The output of a macro. It sees its parameters and the names of the whole template, none of a loop.
  mutating func call(
    _ name: String, _ macro: TemplateMacro, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> TemplateValue {
    guard calls < Self.callLimit else { throw unsupported("macros that call each other so deeply") }
    var bound: [String: TemplateValue] = [:]
    let positional = try values(of: arguments.positional)
    guard positional.count <= macro.parameters.count else {
      throw failure("\(name) takes at most \(macro.parameters.count) arguments")
    }
    for (parameter, value) in zip(macro.parameters, positional) { bound[parameter.name] = value }
    for (argument, expression) in arguments.named {
      guard macro.parameters.contains(where: { $0.name == argument }), bound[argument] == nil else {
        throw failure("\(name) does not take the argument \(argument) here")
      }
      bound[argument] = try value(of: expression)
    }
    let outer = scopes
    calls += 1
    defer {
      calls -= 1
      // What the body sets is its own; the template's names cannot have changed.
      scopes = outer
    }
    scopes = [outer[0], bound]
    for parameter in macro.parameters where bound[parameter.name] == nil {
      if let standard = parameter.standard {
        scopes[1][parameter.name] = try value(of: standard)
      } else {
        scopes[1][parameter.name] = .undefined(parameter.name)
      }
    }
    return .string(try output(of: macro.body))
  }
}
