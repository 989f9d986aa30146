import TestSupport
import Testing

@testable import Llama

/// A merge of any two symbols, decided by their tokens, or one in the order of the text.
private struct HashedMerges: MergeRule {
  let seed: Int

  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard let left, let right else { return nil }
    let hash = (left &* 31 &+ right) &* 2_654_435_761 &+ seed
    guard hash & 3 != 0 else { return nil }
    // Few ranks, so that many pairs are equals.
    return ((hash >> 7) & 7, (hash >> 3) & 31)
  }
}

struct BytePairMergerTests {
  /// The definition: look for the best pair, the leftmost among equals, and merge it; repeat.
  private func naiveMerge(_ tokens: [TokenID], _ rule: some MergeRule) -> [TokenID] {
    var tokens = tokens
    while true {
      var best: (place: Int, rank: Int, token: TokenID)?
      for place in tokens.indices.dropLast() {
        guard let merge = rule.merge(left: tokens[place], right: tokens[place + 1], text: [])
        else { continue }
        if best.map({ merge.rank < $0.rank }) ?? true { best = (place, merge.rank, merge.token) }
      }
      guard let best else { return tokens }
      tokens[best.place] = best.token
      tokens.remove(at: best.place + 1)
    }
  }

  private func merge(_ tokens: [TokenID], _ rule: some MergeRule) -> [TokenID] {
    let text = [UInt8](repeating: 0x61, count: tokens.count)[...]
    var merger = BytePairMerger()
    for (start, token) in tokens.enumerated() { merger.append(token, start: start) }
    merger.merge(rule, in: text)
    var result: [TokenID] = []
    var covered = 0
    merger.forEachSymbol(in: text) { token, part in
      result.append(token ?? -1)
      #expect(part.startIndex == covered)
      covered = part.endIndex
    }
    #expect(covered == text.count)
    return result
  }

  @Test(arguments: 0..<20)
  func `the heap merges what the definition merges`(seed: Int) {
    // Ranks that belong to the new token, so that an overtaken pair cannot be taken for its heir.
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<30 {
      let tokens = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Int.random(in: 0..<6, using: &random)
      }
      let rule = RankedByToken(seed: seed)
      #expect(merge(tokens, rule) == naiveMerge(tokens, rule), "\(tokens)")
    }
  }

  @Test func `merging ends with no pair left, whatever the rule`() {
    var random = SeededGenerator(seed: 9)
    for seed in 0..<200 {
      let tokens = (0..<60).map { _ in Int.random(in: 0..<32, using: &random) }
      let rule = HashedMerges(seed: seed)
      let result = merge(tokens, rule)
      for (left, right) in zip(result, result.dropFirst()) {
        #expect(rule.merge(left: left, right: right, text: []) == nil)
      }
    }
  }

  @Test func `the queue gives pairs by rank, then by place`() {
    var random = SeededGenerator(seed: 3)
    var queue = PairQueue()
    var pairs: [[Int]] = []
    for position in 0..<300 {
      let rank = Int.random(in: 0..<20, using: &random)
      pairs.append([rank, position])
      queue.insert(PairQueue.Pair(rank: rank, position: position, token: 0))
    }
    var taken: [[Int]] = []
    while let pair = queue.popFirst() { taken.append([pair.rank, pair.position]) }
    #expect(taken == pairs.sorted { $0.lexicographicallyPrecedes($1) })
  }
}

/// A rule where a token is made by one pair only, and has one rank.
private struct RankedByToken: MergeRule {
  let seed: Int

  func merge(
    left: TokenID?, right: TokenID?, text: ArraySlice<UInt8>
  ) -> (rank: Int, token: TokenID)? {
    guard let left, let right, left < 200, right < 200 else { return nil }
    let pair = left * 200 + right
    guard (pair &* 2_654_435_761 &+ seed) & 0x30 == 0 else { return nil }
    return ((pair &* 40503 &+ seed) & 0xFF, 6 + pair)
  }
}
