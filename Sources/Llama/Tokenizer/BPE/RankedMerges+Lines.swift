import Files

extension RankedMerges {
  /// Appends a merge written as two tokens with a space between, `Ġ t`.
  ///
  /// - Throws: `FileError` if the line is not that, or one of the three tokens is unknown.
  mutating func append(
    line: [UInt8], index: Int, vocabulary: Vocabulary, path: String
  ) throws(FileError) {
    let parts = line.split(
      separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FileError(
        path, "merge \(index)",
        .invalid(expected: "a pair of tokens", found: Vocabulary.quoted(line)))
    }
    try append(
      left: parts[0], right: parts[1], index: index, vocabulary: vocabulary, path: path)
  }

  /// Appends the merge of two tokens into the token that both spell together.
  ///
  /// - Throws: `FileError` if one of the three tokens is unknown, or the merge not new.
  mutating func append(
    left: ArraySlice<UInt8>, right: ArraySlice<UInt8>, index: Int, vocabulary: Vocabulary,
    path: String
  ) throws(FileError) {
    func id(_ spelling: ArraySlice<UInt8>) throws(FileError) -> TokenID {
      if let id = vocabulary.mergeableID(of: spelling) { return id }
      throw FileError(
        path, "merge \(index)",
        .malformed(
          reason: "needs the token \(Vocabulary.quoted(spelling)), which the vocabulary lacks"))
    }
    guard append(left: try id(left), right: try id(right), becomes: try id(left + right)) else {
      let pair = left + [UInt8(ascii: " ")] + right
      throw FileError(path, "merge \(index), \(Vocabulary.quoted(pair)),", .duplicate)
    }
  }
}
