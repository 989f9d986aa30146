/// Makes a message safe for a terminal: it may quote text from untrusted files.
public enum OneLine {
  /// In scalars.
  private static let lengthLimit = 1_000

  /// The text with control characters and line breaks spelled as escapes, and without its middle if
  /// it is longer than a thousand scalars.
  public static func of(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > lengthLimit else { return escaped(text) }
    let (head, tail) = (scalars.prefix(lengthLimit / 2), scalars.suffix(lengthLimit / 2))
    return escaped(String(head)) + "…" + escaped(String(tail))
  }

  /// The text in quotation marks, escaped in the same way and cut to 80 scalars.
  package static func quoted(_ text: String) -> String {
    let shown = escaped(String(text.unicodeScalars.prefix(80)))
    return "\"\(shown)\(text.unicodeScalars.dropFirst(80).isEmpty ? "" : "…")\""
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.steersTerminal {
        result += scalar.escaped(asASCII: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether a terminal does something else with it than show it where it stands: it moves the cursor,
  /// begins a line or turns the direction of text.
  package var steersTerminal: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: properties.isBidiControl
    }
  }
}
