extension Tokenizer {
  /// The token ids of a text of n bytes, in O(n log n) even without a space in it. Characters that the
  /// vocabulary lacks are left out or become its unknown token, as in Hugging Face tokenizers.
  ///
  /// - Parameters:
  ///   - addSpecialTokens: whether the tokens that begin or end every text are put around it.
  ///   - parseSpecialTokens: whether the spelling of a special token, such as `<|im_end|>`, becomes
  ///     that token. Pass false for untrusted text.
  public func encode(
    _ text: String, addSpecialTokens: Bool, parseSpecialTokens: Bool
  ) -> [TokenID] {
    var encoder = TextEncoder(tokenizer: self, findsSpecial: parseSpecialTokens)
    if addSpecialTokens { encoder.ids += frame.prefix }
    encoder.append(Array(text.utf8)[...])
    if addSpecialTokens { encoder.ids += frame.suffix }
    return encoder.ids
  }
}

/// One run of a tokenizer over one text: the ids so far, and working memory.
private struct TextEncoder {
  let tokenizer: Tokenizer
  let findsSpecial: Bool
  var ids: [TokenID] = []
  var merger = BytePairMerger()
  /// The range in `ids` of the tokens of each piece so far: most words recur.
  var known: [ArraySlice<UInt8>: Range<Int>] = [:]

  /// Longer pieces seldom recur; `mostKnown` bounds memory.
  private static let longestKnown = 32
  private static let mostKnown = 1 << 16

  mutating func append(_ text: ArraySlice<UInt8>) {
    let pipeline = tokenizer.pipeline
    appendSegments(of: text, tokenizer.matcher) { encoder, part in
      let isFirst = part.startIndex == text.startIndex
      let part = pipeline.composes ? TokenizerPipeline.composed(part)[...] : part
      guard let marking = pipeline.marking else {
        return encoder.appendSegments(of: part, encoder.tokenizer.markedMatcher) { encoder, part in
          pipeline.preTokenizer.forEachPiece(of: part) { encoder.appendPiece($0) }
        }
      }
      let marked = marking.apply(to: part, isFirst: isFirst)
      encoder.appendSegments(of: marked[...], encoder.tokenizer.markedMatcher) { encoder, part in
        encoder.appendMarked(part, marking)
      }
    }
  }

  /// Appends the added tokens that `matcher` finds, and passes the text between them to `appendText`.
  private mutating func appendSegments(
    of text: ArraySlice<UInt8>, _ matcher: AddedTokenMatcher?,
    _ appendText: (inout TextEncoder, ArraySlice<UInt8>) -> Void
  ) {
    guard let matcher else { return appendText(&self, text) }
    matcher.forEachSegment(of: text, findsSpecial: findsSpecial) { segment in
      switch segment {
      case .token(let id): ids.append(id)
      case .text(let part): appendText(&self, part)
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
      // Appending a slice of `ids` to itself would copy all of it first.
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
