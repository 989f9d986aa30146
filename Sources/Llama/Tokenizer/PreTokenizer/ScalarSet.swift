/// A set of Unicode scalars: what one place of a pre-tokenizer's regular expression matches.
struct ScalarSet: Equatable, Sendable {
  /// A class of a regular expression.
  enum Property: Equatable, Sendable {
    /// `\s`.
    case space
    /// `\p{L}`, `\p{N}`, `\p{M}`, `\p{P}`, `\p{S}`.
    case letter, number, mark, punctuation, symbol
    /// `\p{Lu}`, `\p{Ll}`, `\p{Lt}`, `\p{Lm}`, `\p{Lo}`.
    case upper, lower, title, modifier, other
  }

  private let ranges: [ClosedRange<UInt32>]
  private let properties: [Property]
  private let isNegated: Bool
  /// Index = scalar value.
  private let ascii: [Bool]

  init(ranges: [ClosedRange<UInt32>], properties: [Property], isNegated: Bool) {
    (self.ranges, self.properties, self.isNegated) = (ranges, properties, isNegated)
    ascii = (0..<0x80).map { value in
      Self.contains(Unicode.Scalar(UInt8(value)), ranges, properties) != isNegated
    }
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII
      ? ascii[Int(scalar.value)] : Self.contains(scalar, ranges, properties) != isNegated
  }

  private static func contains(
    _ scalar: Unicode.Scalar, _ ranges: [ClosedRange<UInt32>], _ properties: [Property]
  ) -> Bool {
    ranges.contains { $0.contains(scalar.value) }
      || properties.contains { scalar.has($0) }
  }
}

extension Unicode.Scalar {
  fileprivate func has(_ property: ScalarSet.Property) -> Bool {
    if property == .space { return properties.isWhitespace }
    // Characters of later versions of Unicode have no class, as in `ScalarClass`.
    guard ScalarClass.isKnown(self) else { return false }
    let category = properties.generalCategory
    switch property {
    case .space: return false
    case .letter: return ScalarClass.of(self) == .letter
    case .number: return isNumeric
    case .upper: return category == .uppercaseLetter
    case .lower: return category == .lowercaseLetter
    case .title: return category == .titlecaseLetter
    case .modifier: return category == .modifierLetter
    case .other: return category == .otherLetter
    case .mark:
      return [.nonspacingMark, .spacingMark, .enclosingMark].contains(category)
    case .punctuation:
      return [
        .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation,
      ].contains(category)
    case .symbol:
      return [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol].contains(category)
    }
  }
}
