extension String {
  /// The text in one line that cannot rule a terminal: line ends, tabs and other control characters
  /// are replaced by their pictures, as `TokenPrinter` does it in texts. For names that files bring
  /// with them.
  var onOneLine: String {
    var result = UnicodeScalarView()
    for scalar in TokenPrinter.replacingControls(self).unicodeScalars {
      switch scalar {
      case "\n": result.append("\u{240A}")
      case "\t": result.append("\u{2409}")
      case "\u{2028}", "\u{2029}": result.append("\u{FFFD}")
      case _ where scalar.properties.isBidiControl: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
