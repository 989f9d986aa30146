import Llama
import Lookahead

/// Makes text of tokens, pass by pass, for standard output.
///
/// On a terminal that shows colour, the tokens of a pass that accepted several are coloured, in two
/// alternating colours.
struct TokenPrinter {
  private var output: OutputText?
  private let style: Style
  private var colouredPasses = 0
  private var isFirst = true
  private var endsLine = false

  struct Style: Equatable {
    var showsColour: Bool
    /// Whether control characters are replaced, since a terminal obeys them.
    var replacesControls: Bool

    static func ofStandardOutput(environment: [String: String]) -> Style {
      let isTerminal = Console.outputIsTerminal
      return Style(
        showsColour: Console.showsColour(environment: environment, isTerminal: isTerminal),
        replacesControls: isTerminal)
    }
  }

  /// SGR codes: green and cyan.
  private static let colours = ["\u{1B}[32m", "\u{1B}[36m"]
  private static let plain = "\u{1B}[0m"

  init(_ tokenizer: Tokenizer?, stopStrings: StopStrings? = nil, style: Style) {
    output = tokenizer.map { OutputText($0, stopStrings: stopStrings) }
    self.style = style
  }

  var hasBegun: Bool { !isFirst }

  /// What to write for the tokens of one pass.
  mutating func text(for tokens: [TokenID]) -> String {
    var text = ""
    for token in tokens {
      text += output?.append(token) ?? (isFirst ? "\(token)" : ",\(token)")
      isFirst = false
    }
    return show(text, isColoured: tokens.count > 1)
  }

  /// What to write at the end: what was held back, and a line end if there is none.
  mutating func textAtEnd() -> String {
    let rest = show(output?.finish() ?? "", isColoured: false)
    return endsLine ? rest : rest + "\n"
  }

  private mutating func show(_ text: String, isColoured: Bool) -> String {
    guard let last = text.unicodeScalars.last else { return "" }
    endsLine = last == "\n"
    let shown = style.replacesControls ? Self.replacingControls(text) : text
    guard isColoured, style.showsColour else { return shown }
    let colour = Self.colours[colouredPasses % Self.colours.count]
    colouredPasses += 1
    return colour + shown + Self.plain
  }

  /// The text with control characters replaced by their pictures (Unicode block U+2400), but for
  /// line feeds and tabs.
  static func replacingControls(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A: result.append(scalar)
      case 0x00...0x1F: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: result.append("\u{2421}")
      case 0x80...0x9F: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
