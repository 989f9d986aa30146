/// Cuts text into the pieces that are tokenized each by itself.
struct PreTokenizer: Equatable {
  /// One step; each takes the pieces of the one before it.
  enum Step: Equatable {
    /// Cut by a pattern.
    case split(WordPattern)
    /// Put a space before a piece that does not begin with one (`add_prefix_space`).
    case prefixSpace
  }

  /// The most steps that a file may ask for: each is applied inside the one before it.
  static let stepLimit = 16

  /// The steps, first to last. None at all leaves the text whole.
  var steps: [Step]

  /// Passes every piece of `text`, in order, to `body`.
  ///
  /// No list of pieces is made: a text of millions of words would need more memory for it than
  /// for its tokens.
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

extension PreTokenizer {
  /// The pre-tokenizer that a GGUF file names in `tokenizer.ggml.pre`, or nothing if the name is
  /// not known here.
  init?(ggufName name: String) {
    switch name {
    case "gpt-2":
      self.init(steps: [.split(.gpt2)])
    case "llama-bpe", "llama3", "llama-v3":
      self.init(steps: [.split(.llama3)])
    case "smollm":
      self.init(steps: [.split(.eachNumber), .split(.gpt2)])
    case "default":
      self.init(steps: [
        .split(.punctuationRuns), .split(.gpt2), .split(.numberRuns), .split(.digitTriples),
      ])
    default:
      return nil
    }
  }

  /// The pattern of a tokenizer.json's `Split` by its regular expression, if it is known here.
  static func pattern(ofExpression expression: String) -> WordPattern? {
    switch expression {
    case #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#:
      .gpt2
    case #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+"#
      + #"[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#:
      .llama3
    default:
      nil
    }
  }
}
