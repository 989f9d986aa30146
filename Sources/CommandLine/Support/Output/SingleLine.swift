extension String {
  /// The text in one line, with pictures instead of line ends, tabs and other control characters: for
  /// names from files, which may be hostile.
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
