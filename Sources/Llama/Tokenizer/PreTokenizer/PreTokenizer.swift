/// Splits text into the pieces that are tokenized independently.
struct PreTokenizer: Equatable, Sendable {
  /// One step; its input is each piece of the step before.
  enum Step: Equatable, Sendable {
    case split(WordPattern)
    /// Puts a space before a piece that does not begin with one (`add_prefix_space`).
    case prefixSpace
  }

  /// Bounds the recursion: each step is applied inside the one before it.
  static let stepLimit = 16

  /// Without steps, the text is one piece.
  var steps: [Step]

  /// Passes every piece of `text`, in order, to `body`; a list of all pieces would take more memory than
  /// the tokens.
  func forEachPiece(of text: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
    apply(steps[...], to: text, body)
  }

  private func apply(
    _ steps: ArraySlice<Step>, to text: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void
  ) {
    guard let step = steps.first else {
      if !text.isEmpty { body(text) }
      return
    }
    let rest = steps.dropFirst()
    switch step {
    case .prefixSpace:
      let isPrefixed = text.isEmpty || text.first == UInt8(ascii: " ")
      apply(rest, to: isPrefixed ? text : [UInt8(ascii: " ")] + text, body)
    case .split(let pattern):
      let scanner = ScalarScanner(text: text)
      var start = text.startIndex
      while start < text.endIndex {
        let end = pattern.pieceEnd(in: scanner, from: start)
        apply(rest, to: text[start..<end], body)
        start = end
      }
    }
  }
}
