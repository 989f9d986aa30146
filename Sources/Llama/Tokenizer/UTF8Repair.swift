/// Characters and invalid parts in bytes that need not be valid UTF-8.
///
/// A maximal run of bytes that starts a character but does not finish it becomes one U+FFFD, as
/// does every other byte that fits nowhere (Unicode 16, section 3.9, "maximal subparts"), as with
/// `String(decoding:as:)` and Hugging Face tokenizers.
enum UTF8Repair {
  enum Unit: Equatable {
    /// A whole character of `length` bytes.
    case character(length: Int)
    /// `length` bytes that no following byte can turn into a character.
    case invalid(length: Int)
    /// The remaining bytes begin a character that later bytes can complete.
    case unfinished
  }

  /// - Precondition: `index` is one of `bytes.indices`.
  static func unit(in bytes: ArraySlice<UInt8>, at index: Int) -> Unit {
    let first = bytes[index]
    if first < 0x80 { return .character(length: 1) }
    // The second byte's range is narrower than 80 ... BF where overlong forms, surrogates or
    // values beyond U+10FFFF would begin (Unicode 16, table 3-7).
    let length: Int
    let second: ClosedRange<UInt8>
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return .invalid(length: 1)
    }
    for offset in 1..<length {
      guard index + offset < bytes.endIndex else { return .unfinished }
      let allowed = offset == 1 ? second : 0x80...0xBF
      guard allowed.contains(bytes[index + offset]) else { return .invalid(length: offset) }
    }
    return .character(length: length)
  }

  /// The end of the part of `bytes` whose text no later byte can change: all but an unfinished
  /// character at the end, at most three bytes.
  static func completeEnd(of bytes: ArraySlice<UInt8>) -> Int {
    for index in bytes.indices.suffix(3)
    where unit(in: bytes, at: index) == .unfinished { return index }
    return bytes.endIndex
  }
}
