/// Turns token ids into text one by one, never splitting a character.
///
/// The parts, joined, equal `Tokenizer.decode` of all ids: bytes that cannot become a character
/// are U+FFFD here as there, and what later tokens might still change is held back. That is an
/// unfinished character at most, except with SentencePiece tokenizers: there a run of byte tokens
/// is held back until it ends, since one wrong byte makes all of the run unreadable.
public struct StreamingTextDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipSpecialTokens: Bool
  /// Bytes whose text is not settled.
  private var pending: [UInt8] = []
  /// Whether no token has been seen, or with `byteFallback`, no text.
  private var isAtStart = true

  /// A decoder at the beginning of a text.
  ///
  /// - Parameters:
  ///   - tokenizer: the tokenizer that made the ids, or whose model did.
  ///   - skipSpecialTokens: whether special tokens are left out of the text.
  public init(_ tokenizer: Tokenizer, skipSpecialTokens: Bool) {
    self.tokenizer = tokenizer
    self.skipSpecialTokens = skipSpecialTokens
  }

  /// Takes the next token.
  ///
  /// - Parameter id: a token id; one that has no token is passed over.
  /// - Returns: the text that is settled now, and was not before; often none.
  public mutating func append(_ id: TokenID) -> String {
    guard let token = tokenizer.decodedSpelling(of: id),
      !(skipSpecialTokens && tokenizer.isSpecial(id))
    else { return "" }
    switch tokenizer.pipeline.spelling {
    case .byteLevel:
      pending += tokenizer.pipeline.spelling.bytes(of: token)
      let end = UTF8Repair.settledEnd(of: pending[...])
      let text = String(decoding: pending[..<end], as: UTF8.self)
      pending.removeFirst(end)
      return text
    case .byteFallback:
      if let byte = TokenSpelling.byte(spelledBy: token) {
        pending.append(byte)
        return ""
      }
      return takeByteRun()
        + withoutFirstSpace(
          String(decoding: tokenizer.pipeline.spelling.bytes(of: token), as: UTF8.self))
    case .marked(let dropsFirstMarks):
      defer { isAtStart = false }
      let text = String(decoding: tokenizer.pipeline.spelling.bytes(of: token), as: UTF8.self)
      guard isAtStart, dropsFirstMarks else { return text }
      return String(Vocabulary.text(token).unicodeScalars.filter { $0 != "▁" })
    }
  }

  /// Ends the text, and makes the decoder ready for another.
  ///
  /// - Returns: what was held back, with U+FFFD in the place of an unfinished character.
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
    guard UTF8Repair.isValid(pending[...]) else {
      return withoutFirstSpace(String(repeating: "\u{FFFD}", count: pending.count))
    }
    return withoutFirstSpace(String(decoding: pending, as: UTF8.self))
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
  /// The text of token ids.
  ///
  /// - Parameters:
  ///   - ids: token ids; those that have no token are passed over.
  ///   - skipSpecialTokens: whether special tokens are left out.
  /// - Returns: the text, equal to what Hugging Face tokenizers decode. Bytes that are not UTF-8
  ///   become U+FFFD. One case differs on purpose: a special token that is declared "normalized"
  ///   in a file with a normalizer is left out here, while tokenizers 0.23 keeps it in the text
  ///   although asked not to.
  public func decode(_ ids: [TokenID], skipSpecialTokens: Bool) -> String {
    var decoder = StreamingTextDecoder(self, skipSpecialTokens: skipSpecialTokens)
    var text = ""
    for id in ids { text += decoder.append(id) }
    return text + decoder.finish()
  }
}
