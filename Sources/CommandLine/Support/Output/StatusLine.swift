import Files

/// One line on standard error about the running work, if that is a terminal.
struct StatusLine {
  private let isShown = Console.errorIsTerminal

  func say(_ text: String) { if isShown { Console.ask("\r\u{1B}[K" + text.onOneLine) } }

  func end() { if isShown { Console.ask("\r\u{1B}[K") } }
}

extension String {
  /// With escapes for control characters and line ends: for names from files, which may be hostile.
  var onOneLine: String { OneLine.of(self) }
}
