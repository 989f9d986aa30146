/// The classes in the pre-tokenizers' regular expressions: `\p{L}`, `\p{N}`, `\s`, all else.
enum ScalarClass: Equatable {
  case letter
  case number
  case space
  case other

  /// The Unicode version of the engine (Oniguruma) in Hugging Face tokenizers 0.23. Letters and numbers
  /// of later versions are "other", so that ids do not depend on the version of Swift's own tables.
  private static let unicodeVersion: Unicode.Version = (major: 16, minor: 0)

  /// Index = scalar value.
  private static let ascii: [ScalarClass] = (0..<0x80).map { classify(Unicode.Scalar(UInt8($0))) }

  static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
    scalar.isASCII ? ascii[Int(scalar.value)] : classify(scalar)
  }

  /// Whether that version of Unicode has the scalar.
  static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.age.map { $0 <= unicodeVersion } ?? false
  }

  private static func classify(_ scalar: Unicode.Scalar) -> ScalarClass {
    if scalar.properties.isWhitespace { return .space }
    guard isKnown(scalar) else { return .other }
    if scalar.isNumeric { return .number }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return .letter
    default:
      return .other
    }
  }
}

extension Unicode.Scalar {
  /// Whether this is a digit or number of any script, as in Rust's `char::is_numeric` and so in the
  /// pre-tokenizer `Digits`.
  var isNumeric: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// Whether this is punctuation to GGUF's pre-tokenizer "default": `\p{P}` and `$+<=>^~|`.
  var isPunctuation: Bool {
    switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
      .initialPunctuation, .finalPunctuation, .otherPunctuation:
      true
    default: "$+<=>^~|".unicodeScalars.contains(self)
    }
  }
}
