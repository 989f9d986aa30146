extension TemplateInterpreter {
  mutating func compare(
    _ left: TemplateValue, _ symbol: String, _ right: TemplateValue
  ) throws(ChatTemplateError) -> Bool {
    switch symbol {
    case "==": return try equals(left, right)
    case "!=": return try !equals(left, right)
    case "in": return try contains(right, left)
    case "not in": return try !contains(right, left)
    default: break
    }
    let orders: [String: (Int, Int) -> Bool] = ["<": (<), "<=": (<=), ">": (>), ">=": (>=)]
    if let first = left.number, let second = right.number, let order = orders[symbol] {
      return order(first, second)
    }
    throw unsupported("\(symbol) between a \(left.typeName) and a \(right.typeName)")
  }

  /// `part in whole`.
  mutating func contains(
    _ whole: TemplateValue, _ part: TemplateValue
  ) throws(ChatTemplateError) -> Bool {
    switch (whole, part) {
    case (.string(let text), .string(let part)):
      try spend(text: text)
      try spend(text: part)
      return PythonText.contains(text, part)
    case (.list(let elements), _):
      for element in elements {
        if try equals(element, part) { return true }
      }
      return false
    case (.mapping(let members), .string(let key)):
      try spendSteps(members.count)
      try spend(key: key)
      return members.contains { $0.key == key }
    case (.undefined, _): return false
    default: throw failure("in has no meaning for a \(whole.typeName)")
    }
  }

  /// Python's equality. Texts are equal if their scalars are: Swift's `==` would also equate
  /// different spellings of one character.
  ///
  /// Every step is counted: two lists that hold one list twice, which holds another twice, and so on,
  /// are small and take exponential time to compare.
  mutating func equals(
    _ left: TemplateValue, _ right: TemplateValue
  ) throws(ChatTemplateError) -> Bool {
    try spendSteps(1)
    if let first = left.number, let second = right.number { return first == second }
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let first), .string(let second)):
      guard first.utf8.count == second.utf8.count else { return false }
      try spend(text: first)
      return first.utf8.elementsEqual(second.utf8)
    case (.list(let first), .list(let second)):
      guard first.count == second.count else { return false }
      for (element, other) in zip(first, second) {
        guard try equals(element, other) else { return false }
      }
      return true
    case (.mapping(let first), .mapping(let second)):
      // No key occurs twice.
      guard first.count == second.count else { return false }
      for member in first {
        try spendSteps(second.count)
        guard let other = right.member(member.key), try equals(member.value, other) else {
          return false
        }
      }
      return true
    case (.namespace(let first), .namespace(let second)): return first === second
    default: return false
    }
  }
}
