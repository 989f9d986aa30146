/// Reads the regular expressions of pre-tokenizers: alternatives of sets (`[^\s\p{L}]`, `\p{N}`),
/// letters, groups (`(?i:'s|'t)`), `(?!\S)` and `$`, with `?`, `*`, `+` and `{1,3}` behind a set and `?`
/// behind a group.
struct SplitExpressionParser {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var ignoresCase = false

  /// The expression, or nil if it has anything else in it.
  static func parse(_ text: String) -> SplitExpression? {
    var parser = SplitExpressionParser(scalars: Array(text.unicodeScalars))
    guard let alternatives = parser.alternatives(), parser.index == parser.scalars.count,
      alternatives.allSatisfy({ !$0.isEmpty })
    else { return nil }
    return SplitExpression(alternatives: alternatives)
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private typealias Node = SplitExpression.Node

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[index...].starts(with: wanted) else { return false }
    index += wanted.count
    return true
  }

  private mutating func alternatives() -> [[Node]]? {
    var alternatives: [[Node]] = []
    repeat {
      guard let nodes = nodes() else { return nil }
      alternatives.append(nodes)
    } while take("|")
    return alternatives
  }

  private mutating func nodes() -> [Node]? {
    var nodes: [Node] = []
    while let next, next != "|", next != ")" {
      guard let node = node() else { return nil }
      nodes.append(node)
    }
    return nodes
  }

  private mutating func node() -> Node? {
    if take("$") { return .end }
    if take("(?!") {
      guard let set = set(), take(")") else { return nil }
      return .notBefore(set)
    }
    if take("(?i:") { return group(ignoringCase: true) }
    if take("(?:") || take("(") { return group(ignoringCase: ignoresCase) }
    guard let set = set() else { return nil }
    guard let bounds = bounds() else { return nil }
    return bounds == 1...1 ? .scalar(set) : .run(set, bounds)
  }

  private mutating func group(ignoringCase: Bool) -> Node? {
    let outer = ignoresCase
    ignoresCase = ignoringCase
    defer { ignoresCase = outer }
    guard let choices = alternatives(), take(")") else { return nil }
    return .choice(choices, isOptional: take("?"))
  }

  /// How often the set before may come; nil for a form that is not known.
  private mutating func bounds() -> ClosedRange<Int>? {
    var bounds = 1...1
    if take("?") {
      bounds = 0...1
    } else if take("*") {
      bounds = 0...Int.max
    } else if take("+") {
      bounds = 1...Int.max
    } else if take("{") {
      guard let low = number() else { return nil }
      let high = take(",") ? number() : low
      guard let high, low <= high, take("}") else { return nil }
      bounds = low...high
    }
    // Lazy and possessive forms take otherwise.
    return next == "?" || next == "+" || next == "*" ? nil : bounds
  }

  private mutating func number() -> Int? {
    var digits = ""
    while let next, ("0"..."9").contains(next), digits.count < 4 {
      digits.unicodeScalars.append(next)
      index += 1
    }
    return Int(digits)
  }

  /// A set, in brackets or by itself.
  private mutating func set() -> ScalarSet? {
    var ranges: [ClosedRange<UInt32>] = []
    var properties: [ScalarSet.Property] = []
    guard take("[") else {
      if take("\\S") {
        return ScalarSet(ranges: [], properties: [.space], isNegated: true)
      }
      if let property = property() {
        return ScalarSet(ranges: [], properties: [property], isNegated: false)
      }
      guard let next, !"()[]{}*+?.^$|".unicodeScalars.contains(next), let scalar = scalar() else {
        return nil
      }
      return ScalarSet(ranges: cases(of: scalar), properties: [], isNegated: false)
    }
    let isNegated = take("^")
    while let next, next != "]" {
      if let property = property() {
        properties.append(property)
        continue
      }
      guard next != "[", let first = scalar() else { return nil }
      let follows = index + 1 < scalars.count && scalars[index + 1] != "]"
      if follows, take("-") {
        guard let last = scalar(), first.value <= last.value else { return nil }
        ranges.append(first.value...last.value)
      } else {
        ranges += cases(of: first)
      }
    }
    guard take("]") else { return nil }
    return ScalarSet(ranges: ranges, properties: properties, isNegated: isNegated)
  }

  /// The scalars that a letter stands for; ſ is an s where case does not matter.
  private func cases(of scalar: Unicode.Scalar) -> [ClosedRange<UInt32>] {
    guard ignoresCase, scalar.isASCII, scalar.properties.isAlphabetic else {
      return [scalar.value...scalar.value]
    }
    let (lower, upper) = (scalar.value | 0x20, scalar.value & ~0x20)
    return [lower...lower, upper...upper] + (lower == 0x73 ? [0x17F...0x17F] : [])
  }

  private mutating func property() -> ScalarSet.Property? {
    let names: [(String, ScalarSet.Property)] = [
      ("\\s", .space), ("\\p{Lu}", .upper), ("\\p{Ll}", .lower), ("\\p{Lt}", .title),
      ("\\p{Lm}", .modifier), ("\\p{Lo}", .other), ("\\p{L}", .letter), ("\\p{N}", .number),
      ("\\p{M}", .mark), ("\\p{P}", .punctuation), ("\\p{S}", .symbol),
    ]
    for (name, property) in names where take(name) { return property }
    return nil
  }

  /// One scalar, written as itself or behind a backslash.
  private mutating func scalar() -> Unicode.Scalar? {
    guard let first = next else { return nil }
    index += 1
    guard first == "\\" else { return first }
    guard let escaped = next else { return nil }
    index += 1
    switch escaped {
    case "r": return "\r"
    case "n": return "\n"
    case "t": return "\t"
    default: return escaped.properties.isAlphabetic || ("0"..."9").contains(escaped) ? nil : escaped
    }
  }
}
