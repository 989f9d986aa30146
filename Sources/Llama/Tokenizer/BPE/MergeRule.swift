/// Decides which neighbours merge, and which first.
protocol MergeRule {
  /// What two neighbouring symbols become and how early, or nothing if they do not merge.
  ///
  /// - Parameters:
  ///   - left: the left symbol's token, or nothing if its text is not a token.
  ///   - right: the right symbol's.
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

  /// How many pairs there are.
  var count: Int { merges.count }

  /// No pairs, with room for `capacity`.
  init(capacity: Int) {
    merges.reserveCapacity(capacity)
  }

  /// Appends a pair to the list; false, if it was there before.
  ///
  /// - Precondition: all ids are below `Vocabulary.idLimit`.
  mutating func append(left: TokenID, right: TokenID, becomes token: TokenID) -> Bool {
    let merge = Merge(rank: Int32(merges.count), token: Int32(token))
    return merges.updateValue(merge, forKey: Pair(left: Int32(left), right: Int32(right))) == nil
  }

  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard let left, let right,
      let merge = merges[Pair(left: Int32(left), right: Int32(right))]
    else { return nil }
    return (Int(merge.rank), Int(merge.token))
  }
}

/// Merges whatever makes a token, the token of the highest score first: SentencePiece's way.
/// Source: Kudo and Richardson 2018, arXiv:1808.06226; sentencepiece `bpe_model.cc`.
struct ScoredMerges: MergeRule, Sendable {
  /// The longest token, in bytes: as many of a text may be looked at for every pair of neighbours.
  static let spellingLimit = 1_024

  private let vocabulary: Vocabulary
  /// Place of each token's score among all scores, highest first; index = id.
  private let ranks: [Int]
  /// Length of the longest token, in bytes: longer texts need not be looked up.
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
      // Equal scores share a rank, so that among them the leftmost pair merges first.
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
