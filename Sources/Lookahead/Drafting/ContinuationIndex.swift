import Llama

/// A token that may come next, and how good a guess it is.
struct Proposal: Equatable {
  let token: TokenID
  let source: CandidateSource
  /// Tokens before it that it has been seen after: the length of the match.
  let matchLength: Int
  /// How many proposals for the same place have a longer match, or were seen later.
  let rank: Int
  /// The estimated probability that it is right.
  var probability: Double

  /// The same, the probability multiplied.
  func scaled(by factor: Double) -> Proposal {
    var scaled = self
    scaled.probability *= factor
    return scaled
  }
}

/// What has followed each sequence of up to `longestMatch` tokens, wherever it was seen.
///
/// A token is filed under the one token before it, under the two before it, and so on, so that the
/// longest match with the end of a text is found by looking the longest sequence up first. Each step
/// takes the same time however long the text is.
struct ContinuationIndex: Sendable {
  /// A token that was seen after a sequence.
  struct Entry: Sendable {
    let token: TokenID
    var source: CandidateSource
    /// How often it was seen.
    var count = 1
    /// How often it was proposed, and how often that was right.
    var tried = 0
    var right = 0
  }

  /// Tokens of a match at the most.
  static let longestMatch = 4
  /// Tokens kept for each sequence; the one not seen for longest goes first.
  static let capacity = 12

  /// By a hash of the sequence, the one seen last at the end. Two sequences with one hash would only
  /// cost a wrong candidate.
  private var entries: [UInt64: [Entry]] = [:]

  /// Sequences that something is known of.
  var count: Int { entries.count }

  /// Files a token as seen after the end of `context`.
  mutating func learn(
    _ token: TokenID, after context: some BidirectionalCollection<TokenID>,
    from source: CandidateSource
  ) {
    for key in ContinuationIndex.keys(of: context) {
      var known = entries[key] ?? []
      var entry = Entry(token: token, source: source)
      if let index = known.firstIndex(where: { $0.token == token }) {
        entry = known.remove(at: index)
        entry.count += 1
        entry.source = source
      } else if known.count == ContinuationIndex.capacity {
        known.removeFirst()
      }
      known.append(entry)
      entries[key] = known
    }
  }

  /// Files every token of a text from `start` on.
  mutating func learn(text: [TokenID], from start: Int, source: CandidateSource) {
    for index in max(1, start)..<max(1, start, text.count) {
      let first = max(0, index - ContinuationIndex.longestMatch)
      learn(text[index], after: text[first..<index], from: source)
    }
  }

  /// Counts whether a token proposed after the last `matchLength` tokens of `context` was right.
  mutating func judge(
    _ token: TokenID, after context: some BidirectionalCollection<TokenID>, matchLength: Int,
    isRight: Bool
  ) {
    let keys = ContinuationIndex.keys(of: context)
    if matchLength <= keys.count, let key = keys.dropFirst(matchLength - 1).first,
      let place = entries[key]?.firstIndex(where: { $0.token == token })
    {
      entries[key]?[place].tried += 1
      if isRight { entries[key]?[place].right += 1 }
    }
  }

  /// What was seen after the end of `context`: longer matches first, then what was seen last.
  func entries(
    after context: some BidirectionalCollection<TokenID>, limit: Int
  ) -> [(entry: Entry, matchLength: Int)] {
    var found: [(entry: Entry, matchLength: Int)] = []
    for (index, key) in ContinuationIndex.keys(of: context).enumerated().reversed() {
      for entry in (entries[key] ?? []).reversed() where found.count < limit {
        if !found.contains(where: { $0.entry.token == entry.token }) {
          found.append((entry, index + 1))
        }
      }
    }
    return found
  }

  /// The keys of the sequences that `context` ends in, of one token, two, and so on.
  private static func keys(of context: some BidirectionalCollection<TokenID>) -> [UInt64] {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    return context.reversed().prefix(longestMatch).map { token in
      key = (key ^ UInt64(truncatingIfNeeded: token)) &* 0x9E37_79B9_7F4A_7C15
      key ^= key >> 29
      return key
    }
  }
}
