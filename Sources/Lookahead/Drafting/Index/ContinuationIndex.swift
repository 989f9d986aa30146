import Files
import Llama

/// What has followed each sequence of up to `longestMatch` tokens.
///
/// A token is filed under the one token before it, under the two before it, and so on, so that the
/// longest match with the end of a text is found by looking the longest sequence up first. Each step
/// takes the same time however long the text is.
///
/// The index is bounded: sequences are in two generations of at most `generationLimit` each. When the
/// younger one is full, the older one is dropped; a sequence that is filed again becomes young again.
struct ContinuationIndex: Sendable {
  /// A token that was seen after a sequence.
  struct Entry: Sendable {
    let token: TokenID
    var origin: DraftOrigin
    /// How often it was proposed, and how often that was right.
    var trials = TrialCount()
  }

  /// Tokens of a match at most.
  static let longestMatch = 4
  /// Tokens stored for each sequence; the one not seen for longest is dropped first.
  static let capacity = 12
  /// Sequences of one generation: about those of 32,768 tokens.
  static let generationLimit = 1 << 17
  /// Bytes that a sequence takes in the mean: a slot in a dictionary and an array of a few entries.
  static let bytesPerSequence = 192

  /// Bytes of an index in which so many tokens were filed; those of a full one at most.
  static func bytes(tokens: Int) -> Int {
    min(tokens.times(longestMatch), 2 * generationLimit).times(bytesPerSequence)
  }

  /// By a hash of the sequence, the entry seen last at the end. Two sequences with one hash only cost
  /// a wrong draft.
  private var entries: TwoGenerations<[Entry]>

  init(generationLimit: Int = ContinuationIndex.generationLimit) {
    entries = TwoGenerations(limit: generationLimit)
  }

  /// Sequences with entries.
  var count: Int { entries.count }

  /// Files a token as seen after the end of `context`.
  mutating func learn(
    _ token: TokenID, after context: some BidirectionalCollection<TokenID>,
    from origin: DraftOrigin
  ) {
    for key in ContinuationIndex.keys(of: context) {
      entries.set(key) { known in
        var known = known ?? []
        var entry = Entry(token: token, origin: origin)
        if let index = known.firstIndex(where: { $0.token == token }) {
          entry = known.remove(at: index)
          entry.origin = origin
        } else if known.count == ContinuationIndex.capacity {
          known.removeFirst()
        }
        known.append(entry)
        return known
      }
    }
  }

  mutating func learn(text: [TokenID], from start: Int, origin: DraftOrigin) {
    for index in max(1, start)..<max(1, start, text.count) {
      let first = max(0, index - ContinuationIndex.longestMatch)
      learn(text[index], after: text[first..<index], from: origin)
    }
  }

  /// Counts whether a token proposed after the last `matchLength` tokens of `context` was right.
  mutating func judge(
    _ token: TokenID, after context: some BidirectionalCollection<TokenID>, matchLength: Int,
    isRight: Bool
  ) {
    guard let key = ContinuationIndex.keys(of: context).dropFirst(matchLength - 1).first else {
      return
    }
    entries.update(key) { known in
      guard let index = known.firstIndex(where: { $0.token == token }) else { return }
      known[index].trials.judge(isRight: isRight)
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
  static func keys(of context: some BidirectionalCollection<TokenID>) -> [UInt64] {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    return context.reversed().prefix(longestMatch).map { token in
      key = (key ^ UInt64(truncatingIfNeeded: token)) &* 0x9E37_79B9_7F4A_7C15
      key ^= key >> 29
      return key
    }
  }
}
