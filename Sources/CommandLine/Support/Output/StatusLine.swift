/// One line on standard error about the running work, if that is a terminal.
struct StatusLine {
  private let isShown = Console.errorIsTerminal

  func say(_ text: String) { if isShown { Console.ask("\r\u{1B}[K" + text.onOneLine) } }

  func end() { if isShown { Console.ask("\r\u{1B}[K") } }
}
