extension Tokenizer {
  /// The token ids of a text.
  ///
  /// Takes any text, in time that grows by little more than its length, even without a single
  /// space in it. Characters that the model cannot express are left out or become its unknown
  /// token, as in Hugging Face tokenizers.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - addSpecialTokens: whether the tokens that begin or end every text are put around it.
  ///   - parseSpecialTokens: whether the spelling of a special token, such as `<|im_end|>`, is
  ///     that token. Otherwise it is plain text: pass false for text that must not steer the
  ///     model.
  /// - Returns: token ids.
  public func encode(
    _ text: String, addSpecialTokens: Bool, parseSpecialTokens: Bool
  ) -> [TokenID] {
    let bytes = Array(text.utf8)
    var encoder = TextEncoder(tokenizer: self, findsSpecial: parseSpecialTokens)
    if addSpecialTokens { encoder.ids += frame.prefix }
    encoder.append(bytes[...])
    if addSpecialTokens { encoder.ids += frame.suffix }
    return encoder.ids
  }
}

/// One run of a tokenizer over one text: the ids so far, and memory that its steps share.
private struct TextEncoder {
  let tokenizer: Tokenizer
  let findsSpecial: Bool
  var ids: [TokenID] = []
  private var merger = BytePairMerger()
  /// Where in `ids` the tokens of a piece stand that has occurred before: most words recur.
  private var known: [ArraySlice<UInt8>: Range<Int>] = [:]

  /// Longer pieces seldom recur, and beyond this many pieces memory matters more than time.
  private static let longestKnown = 32
  private static let mostKnown = 1 << 16

  init(tokenizer: Tokenizer, findsSpecial: Bool) {
    self.tokenizer = tokenizer
    self.findsSpecial = findsSpecial
  }

  mutating func append(_ text: ArraySlice<UInt8>) {
    let matcher = tokenizer.matcher
    matcher.forEachSegment(of: text, findsSpecial: findsSpecial) { segment in
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let part): appendText(part, isFirst: part.startIndex == text.startIndex)
      }
    }
  }

  private mutating func appendText(_ text: ArraySlice<UInt8>, isFirst: Bool) {
    guard let marking = tokenizer.pipeline.marking else {
      let preTokenizer = tokenizer.pipeline.preTokenizer
      return preTokenizer.forEachPiece(of: text) { appendPiece($0) }
    }
    let marked = marking.apply(to: text, isFirst: isFirst)
    guard let matcher = tokenizer.markedMatcher else {
      return appendMarked(marked[...], marking)
    }
    matcher.forEachSegment(of: marked[...], findsSpecial: findsSpecial) { segment in
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let part): appendMarked(part, marking)
      }
    }
  }

  private mutating func appendMarked(_ text: ArraySlice<UInt8>, _ marking: SpaceMarking) {
    if marking.startsPieces || tokenizer.marksBeginTokens {
      SpaceMarking.forEachPiece(of: text, everyMark: marking.startsPieces) { appendPiece($0) }
    } else {
      appendPiece(text)
    }
  }

  private mutating func appendPiece(_ piece: ArraySlice<UInt8>) {
    if let range = known[piece] {
      // A slice of `ids` would share its memory, and appending would first copy all of it.
      for index in range { ids.append(ids[index]) }
      return
    }
    let start = ids.count
    tokenizer.model.encode(piece, into: &ids, using: &merger)
    if piece.count <= Self.longestKnown, known.count < Self.mostKnown {
      known[piece] = start..<ids.count
    }
  }
}
