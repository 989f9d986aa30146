import Files

/// Why two recordings cannot be compared. What is wrong with one file is a `FileError`.
public enum RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two tensors of one name have different numbers of `what`: rows that nothing pairs, values in a
  /// row, or keys of an attention head.
  case differentCounts(of: String, tensor: String, pass: Int, a: Int, b: Int)
  case columnOutside(tensor: String, column: Int, count: Int)
  case nothingChosen(patterns: [String])
  case nothingInCommon(a: [String], b: [String])
  case nothingCompared(a: String, b: String)

  public var description: String {
    switch self {
    case .differentCounts(let what, let tensor, let pass, let a, let b):
      "\(tensor.shown) in pass \(pass) has \(a) \(what) in A and \(b) in B, which cannot be paired."
    case .columnOutside(let tensor, let column, let count):
      "A row of \(tensor.shown) lists token \(column), where the other side has \(count) tokens."
    case .nothingChosen(let patterns):
      "A and B have no tensor in common with a name such as \(Self.list(patterns))."
    case .nothingInCommon(let a, let b):
      "A and B have no tensor in common: A has \(Self.list(a)), and B has \(Self.list(b))."
    case .nothingCompared(let a, let b):
      "\(a) and \(b) have no value in common that could be compared."
    }
  }

  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let shown = names.prefix(4).map(\.shown).joined(separator: ", ")
    return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
  }
}

extension String {
  /// On one line and cut to a length that a terminal can show: it comes from a file that may be
  /// hostile.
  package var shown: String {
    let clean = unicodeScalars.prefix(60).map {
      $0.properties.isDefaultIgnorableCodePoint || $0.steersTerminal ? "?" : String($0)
    }.joined()
    return unicodeScalars.count > 60 ? clean + "…" : clean
  }
}

extension [Int] {
  /// A shape, cut to a length that a terminal can show.
  var shown: String {
    if count <= 8 { return "\(self)" }
    return "[\(prefix(8).map(String.init).joined(separator: ", ")), …]"
  }
}
