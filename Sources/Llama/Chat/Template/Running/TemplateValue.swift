enum TemplateValue {
  /// The value of a name or member that does not exist.
  case undefined(String)
  case none
  case bool(Bool)
  case integer(Int)
  case string(String)
  case list([TemplateValue])
  case mapping([(key: String, value: TemplateValue)])
  case namespace(TemplateNamespace)
  case function(String)
  case macro(String, TemplateMacro)

  /// Python's truth: empty things are false.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let flag): flag
    case .integer(let number): number != 0
    case .string(let text): !text.isEmpty
    case .list(let elements): !elements.isEmpty
    case .mapping(let members): !members.isEmpty
    case .namespace, .function, .macro: true
    }
  }

  /// The type, in the words of Jinja's tests where there is one for it.
  var typeName: String {
    switch self {
    case .undefined(let name): "undefined \(name)"
    case .none: "none"
    case .bool: "boolean"
    case .integer: "integer"
    case .string: "string"
    case .list: "list"
    case .mapping: "mapping"
    case .namespace: "namespace"
    case .function: "function"
    case .macro: "macro"
    }
  }

  /// The value converted to text; nil where Python's own conversion is not implemented.
  var text: String? {
    switch self {
    case .undefined: ""
    case .none: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .integer(let number): "\(number)"
    case .string(let text): text
    case .list, .mapping, .namespace, .function, .macro: nil
    }
  }

  /// The number, if it is one: in Python booleans are.
  var number: Int? {
    switch self {
    case .integer(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  /// The member `key` of a mapping or namespace, if there is one.
  func member(_ key: String) -> TemplateValue? {
    switch self {
    case .mapping(let members): members.first { $0.key == key }?.value
    case .namespace(let namespace): namespace.members[key]
    default: nil
    }
  }
}

extension TemplateValue {
  /// Whether Python's type has a method of this name, which `value.name` is before any member.
  func hasMethod(_ name: String) -> Bool {
    switch self {
    case .mapping: ["items", "keys", "values", "get", "copy", "pop", "update"].contains(name)
    case .string:
      [
        "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "upper", "lower", "title",
        "capitalize", "startswith", "endswith", "replace", "find", "count", "join", "format",
        "index", "removeprefix", "removesuffix", "isdigit", "isalpha",
      ].contains(name)
    case .list: ["append", "index", "count", "pop", "insert", "extend"].contains(name)
    default: false
    }
  }
}

/// A mapping that a template can change, also inside a loop.
final class TemplateNamespace {
  var members: [String: TemplateValue] = [:]
}
