import Files

/// Decides which neighbours merge, and which first.
protocol MergeRule {
  /// The token that two neighbouring symbols become and its rank, or nil if they do not merge.
  ///
  /// - Parameters:
  ///   - left: the left symbol's token; nil if its text is not a token. `right` likewise.
  ///   - text: the text that both cover.
  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)?
}

/// Merges by a list of pairs, in the order of the list: byte-pair encoding.
/// Source: Sennrich et al. 2016, arXiv:1508.07909.
struct RankedMerges: MergeRule, Sendable {
  private struct Pair: Hashable {
    var left: Int32
    var right: Int32
  }

  private struct Merge {
    var rank: Int32
    var token: Int32
  }

  private var merges: [Pair: Merge] = [:]

  var count: Int { merges.count }

  init(capacity: Int) {
    merges.reserveCapacity(capacity)
  }

  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard let left, let right,
      let merge = merges[Pair(left: Int32(left), right: Int32(right))]
    else { return nil }
    return (Int(merge.rank), Int(merge.token))
  }

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
    func id(_ spelling: ArraySlice<UInt8>) throws(FileError) -> Int32 {
      // Ids are below `Vocabulary.idLimit`.
      if let id = vocabulary.mergeableID(of: spelling) { return Int32(id) }
      throw FileError(
        path, "merge \(index)",
        .malformed(
          reason: "needs the token \(Vocabulary.quoted(spelling)), which the vocabulary lacks"))
    }
    let pair = Pair(left: try id(left), right: try id(right))
    let merge = Merge(rank: Int32(merges.count), token: try id(left + right))
    guard merges.updateValue(merge, forKey: pair) == nil else {
      let line = left + [UInt8(ascii: " ")] + right
      throw FileError(path, "the pair \(Vocabulary.quoted(line)) of merge \(index)", .duplicate)
    }
  }
}

/// Merges neighbours that together make a token, the highest score first, as SentencePiece does.
/// Source: Kudo and Richardson 2018, arXiv:1808.06226; sentencepiece `bpe_model.cc`.
struct ScoredMerges: MergeRule, Sendable {
  /// The longest token in bytes; it bounds the time for each pair of neighbours.
  static let spellingLimit = 1_024

  private let vocabulary: Vocabulary
  /// The rank of each token's score, highest first; index = id.
  private let ranks: [Int]
  /// Bytes of the longest token; longer texts are not looked up.
  private let longestToken: Int

  /// - Precondition: there are as many scores as tokens, and none is NaN.
  init(vocabulary: Vocabulary, scores: [Float]) {
    precondition(
      scores.count == vocabulary.count, "\(scores.count) scores, not \(vocabulary.count)")
    self.vocabulary = vocabulary
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var ranks = [Int](repeating: 0, count: scores.count)
    var rank = 0
    for (place, id) in order.enumerated() {
      // Equal scores share a rank: of these, the leftmost pair merges first.
      if place > 0, scores[order[place - 1]] != scores[id] { rank = place }
      ranks[id] = rank
    }
    self.ranks = ranks
    longestToken = vocabulary.longestSpelling
  }

  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard text.count <= longestToken, let token = vocabulary.mergeableID(of: text) else {
      return nil
    }
    return (ranks[token], token)
  }
}
