import Llama
import TestSupport
import Testing

@testable import CommandLineTool

struct TokenPrinterTests {
  private static let tokenizer = Result {
    try #require(
      try Checkpoint.open(FixturePath.path("tiny-llama")).makeTokenizer())
  }

  private func printer(colour: Bool = false, terminal: Bool = false) throws -> TokenPrinter {
    TokenPrinter(
      try Self.tokenizer.get(), style: .init(showsColour: colour, replacesControls: terminal))
  }

  private func ids(_ text: String) throws -> [TokenID] {
    try Self.tokenizer.get().encode(text, addSpecialTokens: false, parseSpecialTokens: true)
  }

  @Test func `the parts of a text make the text, with one line end behind it`() throws {
    let text = "The fox 🦊 \u{1F469}\u{200D}\u{1F680} said: žluťoučký"
    var printer = try printer()
    let shown = try ids(text).map { printer.text(for: [$0]) }.joined()
    #expect(shown + printer.textAtEnd() == text + "\n")
  }

  @Test func `a text that ends its line gets no other line end`() throws {
    var printer = try printer()
    #expect(printer.text(for: try ids("The fox\n")) + printer.textAtEnd() == "The fox\n")
    var empty = try self.printer()
    #expect(empty.textAtEnd() == "\n")
  }

  @Test func `special tokens are not shown`() throws {
    var printer = try printer()
    #expect(printer.text(for: try ids("fox<|im_end|>")) == "fox")
  }

  @Test func `passes of several tokens take turns in two colours`() throws {
    var printer = try printer(colour: true)
    #expect(printer.text(for: try ids("The")) == "The")
    let words = try ids(" fox and")
    #expect(words.count == 2)
    #expect(printer.text(for: words) == "\u{1B}[32m fox and\u{1B}[0m")
    #expect(printer.text(for: words) == "\u{1B}[36m fox and\u{1B}[0m")
    #expect(printer.text(for: words) == "\u{1B}[32m fox and\u{1B}[0m")
  }

  @Test func `a text cannot rule a terminal`() throws {
    var printer = try printer(terminal: true)
    let shown = printer.text(for: try ids("a\u{1B}[2J\u{7}\u{7F}\t\n"))
    #expect(shown == "a␛[2J␇␡\t\n")
    #expect(TokenPrinter.replacingControls("\u{9B}2J") == "\u{FFFD}2J")
  }

  @Test func `without a tokenizer the ids are shown`() {
    var printer = TokenPrinter(nil, style: .init(showsColour: false, replacesControls: false))
    #expect(printer.text(for: [5, 6]) + printer.text(for: [7]) + printer.textAtEnd() == "5,6,7\n")
  }

  @Test(
    arguments: [
      (["TERM": "xterm"], true, true), (["TERM": "xterm"], false, false),
      (["TERM": "dumb"], true, false),
      ([:], true, false), (["TERM": "xterm", "NO_COLOR": "1"], true, false),
      (["TERM": "xterm", "NO_COLOR": ""], true, true),
    ] as [([String: String], Bool, Bool)])
  func `colour is for terminals that can show it and users who want it`(
    environment: [String: String], isTerminal: Bool, expected: Bool
  ) {
    #expect(Console.showsColour(environment: environment, isTerminal: isTerminal) == expected)
  }
}
