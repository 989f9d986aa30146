/// SentencePiece's spelling of spaces: as `▁` (U+2581), which can be part of a token, with one more at
/// the beginning.
struct SpaceMarking: Equatable, Sendable {
  /// Where a `▁` is put before a text.
  enum Prefix: Equatable, Sendable {
    case never
    /// Before every text between added tokens.
    case always
    /// Before every text between added tokens that does not begin with a space.
    case unlessPresent
    /// As `unlessPresent`, but only at the very beginning.
    case firstUnlessPresent
  }

  var prefix: Prefix
  /// Whether every `▁` begins a piece; nothing merges across pieces.
  var startsPieces: Bool
  /// Whether normalized added tokens are searched for in the marked text.
  var isNormalizer: Bool

  /// `▁`, as UTF-8.
  static let mark: [UInt8] = [0xE2, 0x96, 0x81]

  /// The marked text of `text`, which begins the whole input if `isFirst`.
  func apply(to text: ArraySlice<UInt8>, isFirst: Bool) -> [UInt8] {
    var marked: [UInt8] = []
    marked.reserveCapacity(text.count + text.count / 2 + 3)
    if !text.isEmpty, takesPrefix(text, isFirst: isFirst) { marked += Self.mark }
    for byte in text {
      if byte == UInt8(ascii: " ") { marked += Self.mark } else { marked.append(byte) }
    }
    return marked
  }

  private func takesPrefix(_ text: ArraySlice<UInt8>, isFirst: Bool) -> Bool {
    let isPresent = text.first == UInt8(ascii: " ") || text.starts(with: Self.mark)
    return switch prefix {
    case .never: false
    case .always: true
    case .unlessPresent: !isPresent
    case .firstUnlessPresent: isFirst && !isPresent
    }
  }

  /// Passes the pieces of a marked text to `body`, each beginning at a `▁`; except that unless
  /// `everyMark`, a run of them begins one piece.
  static func forEachPiece(
    of text: ArraySlice<UInt8>, everyMark: Bool, _ body: (ArraySlice<UInt8>) -> Void
  ) {
    var start = text.startIndex
    var index = start
    var followsMark = false
    while index < text.endIndex {
      let isMark = text[index] == mark[0] && text[index...].starts(with: mark)
      if isMark, everyMark || !followsMark, start < index {
        body(text[start..<index])
        start = index
      }
      followsMark = isMark
      index += isMark ? mark.count : 1
    }
    if start < text.endIndex { body(text[start...]) }
  }
}
