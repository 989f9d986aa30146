import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The run of the fixture model that docs/algorithm.md explains, pass by pass.
struct WorkedExample {
  /// The passes of `TextbookLookahead`.
  private(set) var passes: [TextbookPass] = []
  /// The window before each pass, and after the last.
  private(set) var windows: [[[TokenID]]] = []
  private let tokenizer: Tokenizer

  static let prompt = "Once upon a time there was a duck."
  static let maximumTokens = 60

  /// Runs W = 3, N = 4, G = 2 until there are 60 tokens.
  init() throws {
    tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let prompt = tokenizer.encode(Self.prompt, addSpecialTokens: true, parseSpecialTokens: false)
    var textbook = TextbookLookahead(
      model: try TestModels.tinyLlama.get(), prompt: prompt, windowSize: 3, ngramSize: 4,
      candidatesPerToken: 2)
    while tokens < Self.maximumTokens {
      windows.append(textbook.window)
      passes.append(try textbook.step())
    }
    windows.append(textbook.window)
  }

  /// Tokens of the whole run.
  var tokens: Int { passes.reduce(0) { $0 + $1.accepted.count } }

  /// Each pass as the page shows it: its rows, and the tokens that it accepted.
  var descriptions: [String] {
    passes.enumerated().map { index, pass in
      var lines = windows[index].enumerated().map { ("level \($0)", $1) }
      lines.append(("frontier", pass.frontier))
      lines += pass.plan.candidates.enumerated().map { ("candidate \($0)", $1) }
      lines.append(("accepted", pass.accepted))
      let cells = lines.map { name, tokens in
        MaskDrawing.line([name] + tokens.map(quoted), widths: [14] + tokens.map { _ in 10 })
      }
      return (["pass \(index + 1), \(pass.plan.roles.count) rows"] + cells.map { "  " + $0 })
        .joined(separator: "\n")
    }
  }

  /// The text of a token in quotation marks, a line break as `\n`.
  private func quoted(_ token: TokenID) -> String {
    let text = tokenizer.text(of: token) ?? ""
    return "\""
      + text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
      + "\""
  }
}
