/// Turns token ids into text one by one, never splitting a character.
///
/// The parts, joined, equal `Tokenizer.decode` of all ids: bytes that cannot become a character are
/// U+FFFD, and text that later tokens can change is held back. That is at most an unfinished
/// character; with SentencePiece it is a whole run of byte tokens, which is text only as a whole.
public struct StreamingTextDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipSpecialTokens: Bool
  /// Bytes whose text later tokens can change.
  private var pending: [UInt8] = []
  /// Whether there was no token yet, or with `byteFallback`, no text.
  private var isAtStart = true

  /// A decoder at the beginning of a text, which omits special tokens if `skipSpecialTokens`.
  public init(_ tokenizer: Tokenizer, skipSpecialTokens: Bool) {
    self.tokenizer = tokenizer
    self.skipSpecialTokens = skipSpecialTokens
  }

  /// Decodes the next token; an id without a token is ignored.
  ///
  /// - Returns: the text that became final, often empty.
  public mutating func append(_ id: TokenID) -> String {
    guard let token = tokenizer.decodedSpelling(of: id),
      !(skipSpecialTokens && tokenizer.isSpecial(id))
    else { return "" }
    let bytes = tokenizer.pipeline.spelling.bytes(of: token)
    switch tokenizer.pipeline.spelling {
    case .byteLevel:
      pending += bytes
      let end = UTF8Repair.completeEnd(of: pending[...])
      defer { pending.removeFirst(end) }
      return Vocabulary.text(pending[..<end])
    case .byteFallback:
      if TokenSpelling.byte(spelledBy: token) != nil {
        pending += bytes
        return ""
      }
      return takeByteRun() + withoutFirstSpace(Vocabulary.text(bytes))
    case .marked(let dropsFirstMarks):
      defer { isAtStart = false }
      guard isAtStart, dropsFirstMarks else { return Vocabulary.text(bytes) }
      return String(Vocabulary.text(token).unicodeScalars.filter { $0 != "▁" })
    }
  }

  /// Ends the text and resets the decoder.
  ///
  /// - Returns: the text that was held back, with U+FFFD for an unfinished character.
  public mutating func finish() -> String {
    defer {
      pending = []
      isAtStart = true
    }
    if case .byteFallback = tokenizer.pipeline.spelling { return takeByteRun() }
    return String(decoding: pending, as: UTF8.self)
  }

  private mutating func takeByteRun() -> String {
    guard !pending.isEmpty else { return "" }
    defer { pending = [] }
    return withoutFirstSpace(
      String(validating: pending, as: UTF8.self)
        ?? String(repeating: "\u{FFFD}", count: pending.count))
  }

  private mutating func withoutFirstSpace(_ text: String) -> String {
    guard case .byteFallback(dropsFirstSpace: true) = tokenizer.pipeline.spelling, isAtStart,
      let first = text.unicodeScalars.first
    else { return text }
    isAtStart = false
    return first == " " ? String(text.unicodeScalars.dropFirst()) : text
  }
}

extension Tokenizer {
  /// The text of token ids, equal to the output of Hugging Face tokenizers; ids without a token are
  /// ignored, and bytes that are not UTF-8 become U+FFFD.
  ///
  /// One case differs on purpose: with `skipSpecialTokens`, tokenizers 0.23 keeps a special token that
  /// is declared "normalized" in a file with a normalizer; it is left out here.
  public func decode(_ ids: [TokenID], skipSpecialTokens: Bool) -> String {
    var decoder = StreamingTextDecoder(self, skipSpecialTokens: skipSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }
}
