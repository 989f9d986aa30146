import Llama
import Oracle

/// What `lookahead diagnose` shows on a terminal.
struct DiagnosisText {
  let diagnosis: Diagnosis
  let tokenizer: Tokenizer?

  var lines: [String] { Self.wrapped(diagnosis.paragraph(showing: shown), width: 100) }

  /// A token's text in quotes with its id, such as ` river` (2705).
  private func shown(_ token: TokenID) -> String {
    guard let bytes = tokenizer?.bytes(of: token) else { return "token \(token)" }
    return "\"\(String(decoding: bytes, as: UTF8.self).onOneLine)\" (\(token))"
  }

  /// Lines of at most so many characters, broken at spaces.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
