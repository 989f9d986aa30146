/// The decoder of a tokenizer: how a token's spelling becomes text.
enum TokenSpelling: Equatable, Sendable {
  /// Bytes in `ByteAlphabet`, joined and then read as UTF-8.
  case byteLevel
  /// `▁` is a space and `<0x0A>` a byte; a run of byte tokens is text if it is UTF-8 as a whole,
  /// and otherwise one U+FFFD per byte. The first space of the text is dropped if the encoder adds
  /// one.
  case byteFallback(dropsFirstSpace: Bool)
  /// `▁` is a space; those of the first token may be dropped.
  case marked(dropsFirstMarks: Bool)

  /// The bytes of a token that is not at the beginning of a text.
  func bytes(of spelling: [UInt8]) -> [UInt8] {
    switch self {
    case .byteLevel:
      // A token that is not spelled in the alphabet, such as `<｜end｜>`, is its own text.
      return ByteAlphabet.bytes(spelledBy: spelling) ?? spelling
    case .byteFallback:
      return Self.byte(spelledBy: spelling).map { [$0] } ?? Self.replacingMarks(in: spelling)
    case .marked:
      return Self.replacingMarks(in: spelling)
    }
  }

  /// The byte of a spelling such as `<0x0A>`.
  static func byte(spelledBy spelling: [UInt8]) -> UInt8? {
    guard spelling.count == 6, spelling.starts(with: "<0x".utf8), spelling[5] == UInt8(ascii: ">")
    else { return nil }
    return UInt8(Vocabulary.text(Array(spelling[3..<5])), radix: 16)
  }

  private static func replacingMarks(in spelling: [UInt8]) -> [UInt8] {
    guard spelling.contains(SpaceMarking.mark[0]) else { return spelling }
    var bytes: [UInt8] = []
    SpaceMarking.forEachPiece(of: spelling[...], everyMark: true) { piece in
      let isMarked = piece.starts(with: SpaceMarking.mark)
      bytes += isMarked ? [UInt8(ascii: " ")] + piece.dropFirst(3) : piece
    }
    return bytes
  }
}
