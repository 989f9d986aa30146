// Equality, counted: two lists that hold one list twice, which holds another twice, and so on, are
// small and take for ever to compare.
extension TemplateInterpreter {
  /// Python's equality. Texts are equal if their scalars are: Swift's `==` would also equate
  /// different spellings of one character.
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
    case (.mapping(let first), .mapping):
      return try hasMembers(first, right)
    case (.namespace(let first), .namespace(let second)): return first === second
    default: return false
    }
  }

  /// Whether one of `elements` equals `value`.
  mutating func contains(
    _ value: TemplateValue, among elements: [TemplateValue]
  ) throws(ChatTemplateError) -> Bool {
    for element in elements {
      if try equals(element, value) { return true }
    }
    return false
  }

  /// Whether the mapping `other` has these members and no more; no key is there twice.
  private mutating func hasMembers(
    _ members: [(key: String, value: TemplateValue)], _ other: TemplateValue
  ) throws(ChatTemplateError) -> Bool {
    guard case .mapping(let others) = other, members.count == others.count else { return false }
    for member in members {
      try spendSteps(others.count)
      guard let found = other.member(member.key), try equals(member.value, found) else {
        return false
      }
    }
    return true
  }
}
