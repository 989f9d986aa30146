import Tensor
import TestSupport
import Testing

@testable import Llama

@Suite struct AttentionMaskTests {
  @Test("All three ways to state a causal mask are equal")
  func causal() {
    let causal = AttentionMask.causal(cachedCount: 4, queries: 3)
    #expect(AttentionMask(cachedCount: 4, queries: 3, seesRow: { $1 <= $0 }) == causal)
    #expect(AttentionMask(cachedCount: 4, queries: 3, seesKey: { $1 <= 4 + $0 }) == causal)
    #expect(causal.queries == 3)
  }

  @Test("A mask sees what it was told", arguments: 0..<30)
  func arbitrary(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let cached = Int.random(in: 0...9, using: &generator)
    let queries = Int.random(in: 0...9, using: &generator)
    let cells = (0..<queries).map { _ in
      (0..<cached + queries).map { _ in Bool.random(using: &generator) }
    }
    let mask = AttentionMask(
      cachedCount: cached, queries: queries, seesKey: { cells[$0][$1] })
    for query in 0..<queries {
      #expect((0..<cached + queries).map { mask.sees(query: query, key: $0) } == cells[query])
      #expect(!mask.sees(query: query, key: -1))
      #expect(!mask.sees(query: query, key: cached + queries))
    }
  }

  @Test("Keys are put in position order, equal positions in slot order", arguments: 0..<50)
  func positionOrder(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let cached = Int.random(in: 0...12, using: &generator)
    let queries = Int.random(in: 1...8, using: &generator)
    // Often ascending in the cache, as in a text, and sometimes not.
    var positions = (0..<cached + queries).map { _ in Int.random(in: 0...20, using: &generator) }
    if seed % 3 != 0 { positions.replaceSubrange(0..<cached, with: positions[..<cached].sorted()) }
    let cells = positions.indices.map { _ in Int.random(in: 0...2, using: &generator) > 0 }
    let mask = AttentionMask(
      cachedCount: cached, queries: queries, seesKey: { cells[($0 + $1) % cells.count] })
    for (query, keys) in mask.inPositionOrder(positions).enumerated() {
      let expected = positions.indices.filter { cells[(query + $0) % cells.count] }
        .sorted { (positions[$0], $0) < (positions[$1], $1) }
      #expect(keys.slots == expected)
      #expect(keys.others.allSatisfy { $0 >= keys.prefix })
    }
  }
}
