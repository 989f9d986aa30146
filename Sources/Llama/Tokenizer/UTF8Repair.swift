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
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes[index...].makeIterator()
    switch parser.parseScalar(from: &rest) {
    case .valid(let character): return .character(length: character.count)
    case .error(let length) where index + length < bytes.endIndex:
      return .invalid(length: length)
    case .error(let length):
      // Of the invalid bytes at the end, those that lead a character are the beginning of one.
      return (0xC2...0xF4).contains(bytes[index]) ? .unfinished : .invalid(length: length)
    case .emptyInput: return .unfinished
    }
  }

  /// The end of the part of `bytes` whose text no later byte can change: all but an unfinished
  /// character at the end, at most three bytes.
  static func completeEnd(of bytes: ArraySlice<UInt8>) -> Int {
    for index in bytes.indices.suffix(3)
    where unit(in: bytes, at: index) == .unfinished { return index }
    return bytes.endIndex
  }
}
