import Testing

@testable import Lookahead

@Suite struct NGramPoolTests {
  static func pool(capacity: Int, ngramSize: Int = 3) throws -> NGramPool {
    NGramPool(
      try LookaheadConfiguration(ngramSize: ngramSize, candidatesPerToken: capacity))
  }

  @Test("The n-grams of a first token are found under it, oldest first")
  func candidates() throws {
    var pool = try Self.pool(capacity: 3)
    pool.insert([1, 2, 3], origin: .window)
    pool.insert([1, 4, 5], origin: .window)
    pool.insert([2, 6, 7], origin: .window)
    #expect(pool.continuations(of: 1).map(\.tokens) == [[2, 3], [4, 5]])
    #expect(pool.continuations(of: 2).map(\.tokens) == [[6, 7]])
    #expect(pool.continuations(of: 3).map(\.tokens).isEmpty)
    #expect(pool.count == 3)
  }

  @Test("The one inserted longest ago is replaced first; inserting one again makes it the newest")
  func leastRecentlyMade() throws {
    var pool = try Self.pool(capacity: 2)
    pool.insert([1, 2, 2], origin: .window)
    pool.insert([1, 3, 3], origin: .window)
    pool.insert([1, 2, 2], origin: .window)
    #expect(pool.continuations(of: 1).map(\.tokens) == [[3, 3], [2, 2]])
    pool.insert([1, 4, 4], origin: .window)
    #expect(pool.continuations(of: 1).map(\.tokens) == [[2, 2], [4, 4]])
    // A lookup does not change the order.
    _ = pool.continuations(of: 1).map(\.tokens)
    pool.insert([1, 5, 5], origin: .window)
    #expect(pool.continuations(of: 1).map(\.tokens) == [[4, 4], [5, 5]])
  }

  @Test("A pool for no candidates stays empty")
  func empty() throws {
    var pool = try Self.pool(capacity: 0)
    pool.insert([1, 2, 3], origin: .window)
    #expect(pool.count == 0 && pool.continuations(of: 1).map(\.tokens).isEmpty)
  }
}
