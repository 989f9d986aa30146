/// One line on standard error that says what is being measured, where somebody looks.
struct BenchProgress {
  private let isShown = Console.errorIsTerminal

  /// Takes the place of what was said before.
  func say(_ text: String) { if isShown { Console.ask("\r\u{1B}[K" + text.onOneLine) } }

  /// Takes the line away.
  func end() { if isShown { Console.ask("\r\u{1B}[K") } }
}
