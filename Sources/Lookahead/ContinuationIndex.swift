import Llama

/// A token that may come next, and how good a guess it is.
struct Proposal: Equatable {
  let token: TokenID
  let source: CandidateSource
  /// Tokens before it that it has been seen after: the length of the match.
  let matchLength: Int
  /// How many proposals for the same place come before it.
  let rank: Int
  /// The estimated probability that it is right.
  var probability: Double
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
    /// How often it was proposed first of all, and how often that was right.
    var tried = 0
    var right = 0
  }

  /// Tokens of a match at the most.
  static let longestMatch = 6
  /// Tokens kept for each sequence; the one not seen for longest goes first.
  static let capacity = 12

  /// By a hash of the sequence, the one seen last at the end. Two sequences with one hash would only
  /// cost a wrong candidate.
  private var entries: [UInt64: [Entry]] = [:]

  /// Sequences that something is known of.
  var count: Int { entries.count }

  /// Files a token as seen after the end of `context`.
  mutating func learn(_ token: TokenID, after context: some BidirectionalCollection<TokenID>, from source: CandidateSource) {
    forEachSuffix(of: context) { _, key in
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

  /// What was seen after the end of `context`: longer matches first, then what was seen last.
  func entries(
    after context: some BidirectionalCollection<TokenID>, limit: Int
  ) -> [(entry: Entry, matchLength: Int)] {
    var matches: [[Entry]] = []
    forEachSuffix(of: context) { _, key in
      if let known = entries[key] { matches.append(known) }
    }
    var found: [(entry: Entry, matchLength: Int)] = []
    for (index, known) in matches.enumerated().reversed() {
      for entry in known.reversed() where found.count < limit {
        if !found.contains(where: { $0.entry.token == entry.token }) {
          found.append((entry, index + 1))
        }
      }
    }
    return found
  }

  /// Calls `body` with the length and key of each sequence that `context` ends in, shortest first.
  private func forEachSuffix(
    of context: some BidirectionalCollection<TokenID>, _ body: (Int, UInt64) -> Void
  ) {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    for (index, token) in context.reversed().prefix(ContinuationIndex.longestMatch).enumerated() {
      key = (key ^ UInt64(truncatingIfNeeded: token)) &* 0x9E37_79B9_7F4A_7C15
      key ^= key >> 29
      body(index + 1, key)
    }
  }
}
