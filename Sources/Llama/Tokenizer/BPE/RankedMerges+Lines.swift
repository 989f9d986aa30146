extension RankedMerges {
  /// Appends a merge written as two tokens with a space between, `Ġ t`.
  ///
  /// - Throws: `TokenizerError` if the line is not that, or one of the three tokens is unknown.
  mutating func append(
    line: [UInt8], index: Int, vocabulary: Vocabulary, path: String
  ) throws(TokenizerError) {
    let space = UInt8(ascii: " ")
    guard let middle = line.firstIndex(of: space), !line[(middle + 1)...].contains(space) else {
      throw .malformedMerge(path: path, index: index, merge: Vocabulary.text(line))
    }
    try append(
      left: line[..<middle], right: line[(middle + 1)...], index: index, vocabulary: vocabulary,
      path: path)
  }

  /// Appends the merge of two tokens into the token that both spell together.
  ///
  /// - Throws: `TokenizerError` if one of the three tokens is unknown, or the merge not new.
  mutating func append(
    left: ArraySlice<UInt8>, right: ArraySlice<UInt8>, index: Int, vocabulary: Vocabulary,
    path: String
  ) throws(TokenizerError) {
    func id(_ spelling: ArraySlice<UInt8>) throws(TokenizerError) -> TokenID {
      guard let id = vocabulary.mergeableID(of: spelling) else {
        throw .mergeOfUnknownToken(
          path: path, index: index, token: Vocabulary.text(Array(spelling)))
      }
      return id
    }
    guard append(left: try id(left), right: try id(right), becomes: try id(left + right)) else {
      throw .duplicateMerge(
        path: path, index: index, merge: Vocabulary.text(left + [UInt8(ascii: " ")] + right))
    }
  }
}

extension Vocabulary {
  /// The tokens `<0x00>` ... `<0xFF>`; index = byte.
  var byteTokenIDs: [TokenID?] {
    (UInt8.min...UInt8.max).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return id(of: Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8))
    }
  }
}
