extension TemplateInterpreter {
  /// `value | tojson` as transformers defines it: Python's `json.dumps` with texts as they are, on one
  /// line or indented.
  mutating func json(
    of value: TemplateValue, _ arguments: TemplateArguments
  ) throws(ChatTemplateError) -> String {
    var indent: Int?
    for (name, expression) in arguments.named {
      guard name == "indent" else { throw unsupported("tojson with the argument \(name)") }
      indent = try self.value(of: expression).number
    }
    guard arguments.positional.isEmpty, indent.map({ (0...16).contains($0) }) != false else {
      throw unsupported("tojson with these arguments")
    }
    var text = ""
    try write(value, indent: indent, depth: 0, to: &text)
    try spend(text: text)
    return text
  }

  private mutating func write(
    _ value: TemplateValue, indent: Int?, depth: Int, to text: inout String
  ) throws(ChatTemplateError) {
    try spendSteps(1)
    func lineBreak(_ depth: Int) -> String {
      indent.map { "\n" + String(repeating: " ", count: $0 * depth) } ?? ""
    }
    let separator = indent == nil ? ", " : ","
    switch value {
    case .none: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += "\(number)"
    case .string(let content):
      try spend(text: content)
      text += Self.quoted(content)
    case .list(let elements):
      if elements.isEmpty { return text += "[]" }
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index == 0 ? "" : separator) + lineBreak(depth + 1)
        try write(element, indent: indent, depth: depth + 1, to: &text)
      }
      text += lineBreak(depth) + "]"
    case .mapping(let members):
      if members.isEmpty { return text += "{}" }
      text += "{"
      for (index, member) in members.enumerated() {
        text += (index == 0 ? "" : separator) + lineBreak(depth + 1)
        text += Self.quoted(member.key) + ": "
        try write(member.value, indent: indent, depth: depth + 1, to: &text)
      }
      text += lineBreak(depth) + "}"
    case .undefined, .namespace, .function, .macro:
      throw failure("a \(value.typeName) is no JSON")
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
