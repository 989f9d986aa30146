/// Merges the symbols of one piece of text until no two neighbours merge.
///
/// Always merges the best-ranked pair, the leftmost among equals. Symbols form a linked list and the
/// candidate pairs a heap, so that n symbols take O(n log n) steps. Memory is reused between pieces.
struct BytePairMerger {
  /// `previous` and `next` are indices, nil at the ends.
  struct Symbol {
    /// Nil if its text is not a token.
    var token: TokenID?
    /// The index at which its text begins.
    var start: Int
    var previous: Int?
    var next: Int?
    /// Whether it has been merged into the symbol on its left.
    var isMerged = false
  }

  /// In text order. Merged symbols stay in the array and leave the list.
  private(set) var symbols: [Symbol] = []
  private var queue = PairQueue()

  mutating func reset() {
    symbols.removeAll(keepingCapacity: true)
  }

  mutating func append(_ token: TokenID?, start: Int) {
    let index = symbols.count
    if index > 0 { symbols[index - 1].next = index }
    symbols.append(
      Symbol(token: token, start: start, previous: index > 0 ? index - 1 : nil, next: nil))
  }

  /// Merges by `rule`; the symbols cover `text`.
  mutating func merge<Rule: MergeRule>(_ rule: Rule, in text: ArraySlice<UInt8>) {
    queue.removeAll()
    for index in symbols.indices.dropLast() { offer(index, rule, text) }
    while let pair = queue.popFirst() {
      // After another merge of one of its symbols, a pair no longer makes the same token.
      guard !symbols[pair.position].isMerged, let right = symbols[pair.position].next,
        let merge = candidate(pair.position, rule, text), merge.token == pair.token
      else { continue }
      symbols[pair.position].token = merge.token
      symbols[pair.position].next = symbols[right].next
      symbols[right].isMerged = true
      if let next = symbols[right].next { symbols[next].previous = pair.position }
      if let previous = symbols[pair.position].previous { offer(previous, rule, text) }
      offer(pair.position, rule, text)
    }
  }

  /// Passes each remaining symbol with its text to `body`.
  func forEachSymbol(in text: ArraySlice<UInt8>, _ body: (TokenID?, ArraySlice<UInt8>) -> Void) {
    var index: Int? = symbols.isEmpty ? nil : 0
    while let current = index {
      let symbol = symbols[current]
      body(symbol.token, text[symbol.start..<end(of: current, text)])
      index = symbol.next
    }
  }

  private mutating func offer<Rule: MergeRule>(
    _ position: Int, _ rule: Rule, _ text: ArraySlice<UInt8>
  ) {
    guard let merge = candidate(position, rule, text) else { return }
    queue.insert(PairQueue.Pair(rank: merge.rank, position: position, token: merge.token))
  }

  /// The merge of the symbol at `position` with its right neighbour.
  private func candidate<Rule: MergeRule>(
    _ position: Int, _ rule: Rule, _ text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard let next = symbols[position].next else { return nil }
    return rule.merge(
      left: symbols[position].token, right: symbols[next].token,
      text: text[symbols[position].start..<end(of: next, text)])
  }

  private func end(of position: Int, _ text: ArraySlice<UInt8>) -> Int {
    symbols[position].next.map { symbols[$0].start } ?? text.endIndex
  }
}

/// A binary heap of candidate pairs, lowest rank first, the leftmost among equals.
struct PairQueue {
  struct Pair {
    var rank: Int
    /// The index of the left symbol.
    var position: Int
    /// The token that both become.
    var token: TokenID

    static func < (a: Pair, b: Pair) -> Bool {
      a.rank != b.rank ? a.rank < b.rank : a.position < b.position
    }
  }

  private var pairs: [Pair] = []

  mutating func removeAll() {
    pairs.removeAll(keepingCapacity: true)
  }

  mutating func insert(_ pair: Pair) {
    var index = pairs.count
    pairs.append(pair)
    while index > 0, pair < pairs[(index - 1) / 2] {
      pairs[index] = pairs[(index - 1) / 2]
      index = (index - 1) / 2
    }
    pairs[index] = pair
  }

  mutating func popFirst() -> Pair? {
    guard let first = pairs.first, let last = pairs.popLast() else { return nil }
    guard !pairs.isEmpty else { return first }
    var index = 0
    while true {
      var child = 2 * index + 1
      guard child < pairs.count else { break }
      if child + 1 < pairs.count, pairs[child + 1] < pairs[child] { child += 1 }
      guard pairs[child] < last else { break }
      pairs[index] = pairs[child]
      index = child
    }
    pairs[index] = last
    return first
  }
}
