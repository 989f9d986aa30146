import Files

/// A piece of a Jinja template.
struct TemplateToken: Equatable {
  /// What it is.
  enum Kind: Equatable {
    /// Text to be put out as it stands.
    case text(String)
    /// `{{`.
    case outputStart
    /// `}}`.
    case outputEnd
    /// `{%`.
    case statementStart
    /// `%}`.
    case statementEnd
    /// A name or keyword.
    case name(String)
    /// A text literal, its escapes resolved.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// An operator or a bracket.
    case symbol(String)
    /// The end of the template.
    case end
  }

  /// What it is.
  var kind: Kind
  /// The line it begins in, from 1.
  var line: Int
}

extension TemplateToken.Kind: CustomStringConvertible {
  /// The token as a template would spell it, for messages.
  var description: String {
    switch self {
    case .text: "text"
    case .outputStart: "{{"
    case .outputEnd: "}}"
    case .statementStart: "{%"
    case .statementEnd: "%}"
    case .name(let name): name
    case .string(let text): OneLine.quoted(text)
    case .integer(let number): "\(number)"
    case .symbol(let symbol): symbol
    case .end: "the end"
    }
  }
}
