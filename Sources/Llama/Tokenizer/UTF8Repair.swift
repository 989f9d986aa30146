/// Where bytes that need not be valid UTF-8 can be cut without changing their text.
enum UTF8Repair {
  /// The end of the part of `bytes` whose text no later byte can change: all but an unfinished
  /// character at the end, at most three bytes.
  static func completeEnd(of bytes: ArraySlice<UInt8>) -> Int {
    bytes.indices.suffix(3).first { isUnfinished(bytes[$0...]) } ?? bytes.endIndex
  }

  /// Whether the bytes, at least one, begin a character that later bytes can complete.
  private static func isUnfinished(_ bytes: ArraySlice<UInt8>) -> Bool {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    guard case .error(bytes.count) = parser.parseScalar(from: &rest) else { return false }
    // Of the invalid bytes at the end, those that lead a character are the beginning of one.
    return (0xC2...0xF4).contains(bytes[bytes.startIndex])
  }
}
