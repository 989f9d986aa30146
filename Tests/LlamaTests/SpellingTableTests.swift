import TestSupport
import Testing

@testable import Llama

struct SpellingTableTests {
  @Test(arguments: [0, 7, 500])
  func `finds what was put in, in any order and with gaps, and nothing else`(capacity: Int) {
    var generator = SeededGenerator(seed: 17)
    var table = SpellingTable(capacity: capacity)
    var expected: [Int: [UInt8]] = [:]
    var known: Set<[UInt8]> = []
    for id in (0..<1_000).shuffled(using: &generator) where id % 7 != 3 {
      // Few letters, so that many begin alike; the empty one is among them.
      let length = id == 0 ? 0 : Int.random(in: 1...12, using: &generator)
      let spelling = (0..<length).map { _ in UInt8.random(in: 97...99, using: &generator) }
      let isNew = known.insert(spelling).inserted
      #expect((table.id(of: spelling[...]) == nil) == isNew)
      // A spelling that another id has leaves the table as it was, as the checks below see.
      #expect(table.insert(spelling, id: id) == isNew)
      if isNew { expected[id] = spelling }
    }
    #expect(expected.count > 500 && table.count == (expected.keys.max() ?? 0) + 1)
    for id in -1...1_001 {
      #expect(table[id].map(Array.init) == expected[id])
      if let spelling = expected[id] {
        #expect(table.id(of: spelling[...]) == id)
        // A slice with other indices, and one letter more.
        #expect(table.id(of: ([0] + spelling)[1...]) == id)
        #expect(known.contains(spelling + [98]) == (table.id(of: (spelling + [98])[...]) != nil))
      }
    }
  }
}
