/// Byte-pair encoding of one piece of text: single characters become tokens, and neighbours merge.
struct BytePairModel: Sendable {
  enum Merges: Sendable {
    case ranked(RankedMerges)
    case scored(ScoredMerges)
  }

  /// The treatment of a unit that is not in the vocabulary.
  struct Fallback: Sendable {
    /// The tokens of the bytes 0 ... 255 (`byte_fallback`); empty if unused.
    var byteIDs: [TokenID?] = []
    /// The token for unknown text. Without one, unknown text is left out.
    var unknownID: TokenID?
    /// Whether neighbouring unknown units share one token (`fuse_unk`).
    var fusesUnknown = false

    func tokens(ofBytes bytes: ArraySlice<UInt8>) -> [TokenID]? {
      guard !byteIDs.isEmpty else { return nil }
      let tokens = bytes.compactMap { byteIDs[Int($0)] }
      return tokens.count == bytes.count ? tokens : nil
    }
  }

  let vocabulary: Vocabulary
  let merges: Merges
  let kind: Tokenizer.Kind
  let fallback: Fallback
  /// Whether a piece that is itself a token is taken as that token, unmerged (`ignore_merges`).
  let ignoresMerges: Bool
  /// The token of each one-byte unit; index = byte.
  private let byteUnitIDs: [TokenID?]

  init(
    vocabulary: Vocabulary, merges: Merges, kind: Tokenizer.Kind, fallback: Fallback,
    ignoresMerges: Bool
  ) {
    (self.vocabulary, self.merges, self.kind) = (vocabulary, merges, kind)
    (self.fallback, self.ignoresMerges) = (fallback, ignoresMerges)
    byteUnitIDs = (UInt8.min...UInt8.max).map { byte in
      switch kind {
      case .byteLevel: vocabulary.mergeableID(of: ByteAlphabet.spellings[Int(byte)][...])
      case .sentencePiece: byte < 0x80 ? vocabulary.mergeableID(of: [byte]) : nil
      }
    }
  }

  /// Appends the tokens of `piece` to `ids`; `merger` is working memory.
  func encode(
    _ piece: ArraySlice<UInt8>, into ids: inout [TokenID], using merger: inout BytePairMerger
  ) {
    if ignoresMerges {
      let spelling = kind == .byteLevel ? ByteAlphabet.spelling(of: piece)[...] : piece
      if let id = vocabulary.mergeableID(of: spelling) {
        ids.append(id)
        return
      }
    }
    merger.reset()
    switch merges {
    case .ranked(let rule):
      appendKnownUnits(of: piece, to: &merger)
      merger.merge(rule, in: piece)
    case .scored(let rule):
      forEachUnit(of: piece) { merger.append(id(ofUnit: $0), start: $0.startIndex) }
      merger.merge(rule, in: piece)
    }
    merger.forEachSymbol(in: piece) { token, text in
      if let token {
        ids.append(token)
      } else if let bytes = fallback.tokens(ofBytes: text) {
        ids += bytes
      } else if let unknown = fallback.unknownID {
        ids.append(unknown)
      }
    }
  }

  /// Whether unknown text is left out, so that its neighbours become neighbours of each other.
  var dropsUnknown: Bool {
    fallback.unknownID == nil && (fallback.byteIDs.isEmpty || fallback.byteIDs.contains(nil))
  }

  private func forEachUnit(of piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
    var start = piece.startIndex
    while start < piece.endIndex {
      var end = start + 1
      if kind == .sentencePiece, piece[start] >= 0x80 {
        while end < piece.endIndex, piece[end] & 0xC0 == 0x80 { end += 1 }
      }
      body(piece[start..<end])
      start = end
    }
  }

  private func id(ofUnit text: ArraySlice<UInt8>) -> TokenID? {
    if text.count == 1, let first = text.first { return byteUnitIDs[Int(first)] }
    return vocabulary.mergeableID(of: text)
  }

  /// Ranked merges are pairs of tokens, so unknown units are replaced before merging.
  private func appendKnownUnits(of piece: ArraySlice<UInt8>, to merger: inout BytePairMerger) {
    // As in Hugging Face tokenizers, the token of an unknown unit is appended before the next known
    // or unknown unit, but not before byte tokens.
    var isUnknownPending = false
    forEachUnit(of: piece) { unit in
      if let id = id(ofUnit: unit) {
        if isUnknownPending { merger.append(fallback.unknownID, start: unit.startIndex) }
        isUnknownPending = false
        merger.append(id, start: unit.startIndex)
      } else if let bytes = fallback.tokens(ofBytes: unit) {
        for (start, id) in zip(unit.indices, bytes) { merger.append(id, start: start) }
      } else if fallback.unknownID != nil {
        if isUnknownPending, !fallback.fusesUnknown {
          merger.append(fallback.unknownID, start: unit.startIndex)
        }
        isUnknownPending = true
      }
    }
    if isUnknownPending { merger.append(fallback.unknownID, start: piece.endIndex) }
  }
}
