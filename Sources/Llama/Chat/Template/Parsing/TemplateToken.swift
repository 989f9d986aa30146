import Files

struct TemplateToken: Equatable {
  enum Kind: Equatable {
    /// Text between tags, output as it is.
    case text(String)
    case name(String)
    /// A text literal, its escapes resolved.
    case string(String)
    case integer(Int)
    /// An operator, a bracket, or the begin or end of a tag: `{{`, `}}`, `{%`, `%}`.
    case symbol(String)
    case end
  }

  var kind: Kind
  /// The line it begins in, from 1.
  var line: Int
}

extension TemplateToken.Kind: CustomStringConvertible {
  /// The token as a template would spell it, for messages.
  var description: String {
    switch self {
    case .text: "text"
    case .name(let text), .symbol(let text): text
    case .string(let text): OneLine.quoted(text)
    case .integer(let number): "\(number)"
    case .end: "the end"
    }
  }
}
