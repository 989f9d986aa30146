import Foundation

extension TemplateInterpreter {
  /// `value.method(arguments)`.
  mutating func call(
    method: String, of value: TemplateValue, _ arguments: [TemplateValue]
  ) throws(ChatTemplateError) -> TemplateValue {
    switch value {
    case .undefined(let name):
      throw failure("\(name) is undefined")
    case .string(let text):
      let texts = arguments.compactMap { argument -> String? in
        if case .string(let text) = argument { text } else { nil }
      }
      guard texts.count == arguments.count, let result = try call(method, of: text, texts) else {
        throw unsupported("the method \(method) with these arguments")
      }
      return result
    case .mapping(let members):
      try spendSteps(members.count)
      switch (method, arguments.count) {
      case ("get", 1...2):
        guard case .string(let key) = arguments[0] else { return .none }
        try spend(key: key)
        return value.member(key) ?? (arguments.count == 2 ? arguments[1] : .none)
      case ("items", 0): return .list(members.map { .list([.string($0.key), $0.value]) })
      case ("keys", 0): return .list(members.map { .string($0.key) })
      case ("values", 0): return .list(members.map(\.value))
      default: break
      }
    default: break
    }
    throw unsupported("the method \(method) of a \(value.typeName)")
  }

  private mutating func call(
    _ method: String, of text: String, _ arguments: [String]
  ) throws(ChatTemplateError) -> TemplateValue? {
    try spend(text: text)
    for argument in arguments { try spend(text: argument) }
    switch (method, arguments.count) {
    case ("strip", 0...1), ("lstrip", 0...1), ("rstrip", 0...1):
      return .string(
        PythonText.strip(
          text, atStart: method != "rstrip", atEnd: method != "lstrip", set: arguments.first))
    case ("startswith", 1): return .bool(PythonText.starts(text, with: arguments[0]))
    case ("endswith", 1): return .bool(PythonText.ends(text, with: arguments[0]))
    case ("split", 1) where !arguments[0].isEmpty:
      return .list(try split(text, by: arguments[0]).map { .string($0) })
    case ("replace", 2) where !arguments[0].isEmpty:
      return .string(try joined(try split(text, by: arguments[0]), separator: arguments[1]))
    case ("split", 0):
      let words = text.unicodeScalars.split { PythonText.isSpace($0) }
      try spendSteps(words.count)
      return .list(words.map { .string(String($0)) })
    case ("splitlines", 0):
      let lines = PythonText.lines(text)
      try spendSteps(lines.count)
      return .list(lines.map { .string($0) })
    case ("removeprefix", 1):
      let isThere = PythonText.starts(text, with: arguments[0])
      let rest = Array(text.utf8.dropFirst(isThere ? arguments[0].utf8.count : 0))
      return .string(String(decoding: rest, as: UTF8.self))
    case ("removesuffix", 1):
      let isThere = PythonText.ends(text, with: arguments[0])
      let rest = Array(text.utf8.dropLast(isThere ? arguments[0].utf8.count : 0))
      return .string(String(decoding: rest, as: UTF8.self))
    case ("count", 1) where !arguments[0].isEmpty:
      return .integer(try split(text, by: arguments[0]).count - 1)
    case ("find", 1) where !arguments[0].isEmpty:
      let parts = try split(text, by: arguments[0])
      return .integer(parts.count == 1 ? -1 : parts[0].unicodeScalars.count)
    case ("capitalize", 0): return .string(PythonText.capitalized(text, everyWord: false))
    case ("title", 0): return .string(PythonText.capitalized(text, everyWord: true))
    case ("upper", 0): return .string(text.uppercased())
    case ("lower", 0): return .string(text.lowercased())
    default: return nil
    }
  }

  private mutating func split(
    _ text: String, by separator: String
  ) throws(ChatTemplateError) -> [String] {
    let parts = PythonText.split(text, by: separator)
    try spendSteps(parts.count)
    return parts
  }

  /// The texts with a separator between, counted before they are put together.
  mutating func joined(
    _ texts: [String], separator: String
  ) throws(ChatTemplateError) -> String {
    for text in texts {
      try spend(text: text)
      try spend(text: separator)
    }
    return texts.joined(separator: separator)
  }

  /// `strftime_now(format)`, in English and local time.
  mutating func formattedDate(_ format: String) throws(ChatTemplateError) -> String {
    // A formatter costs about as much as a thousand other steps.
    try spendSteps(1_000)
    try spend(text: format)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.calendar = Calendar(identifier: .gregorian)
    let patterns: [Unicode.Scalar: String] = [
      "Y": "y", "y": "yy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "B": "MMMM",
      "b": "MMM", "A": "EEEE", "a": "EEE", "%": "'%'",
    ]
    var result = ""
    var rest = format.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "%", let directive = rest.popFirst() else {
        result.unicodeScalars.append(scalar)
        continue
      }
      guard let pattern = patterns[directive] else {
        throw unsupported("the date format %\(directive)")
      }
      formatter.dateFormat = pattern
      result += formatter.string(from: date)
    }
    return result
  }
}
