import Testing

@testable import Lookahead

@Suite struct NGramPoolTests {
  static func pool(capacity: Int, ngramSize: Int = 3) throws -> NGramPool {
    NGramPool(
      try LookaheadConfiguration(ngramSize: ngramSize, candidatesPerToken: capacity))
  }

  @Test("What began with a token is found under it, the oldest first")
  func candidates() throws {
    var pool = try Self.pool(capacity: 3)
    pool.insert([1, 2, 3])
    pool.insert([1, 4, 5])
    pool.insert([2, 6, 7])
    #expect(pool.candidates(after: 1) == [[2, 3], [4, 5]])
    #expect(pool.candidates(after: 2) == [[6, 7]])
    #expect(pool.candidates(after: 3).isEmpty)
    #expect(pool.count == 3)
  }

  @Test("The one not made for longest goes first; making one again makes it the newest")
  func leastRecentlyMade() throws {
    var pool = try Self.pool(capacity: 2)
    pool.insert([1, 2, 2])
    pool.insert([1, 3, 3])
    pool.insert([1, 2, 2])
    #expect(pool.candidates(after: 1) == [[3, 3], [2, 2]])
    pool.insert([1, 4, 4])
    #expect(pool.candidates(after: 1) == [[2, 2], [4, 4]])
    // Looking up is not making.
    _ = pool.candidates(after: 1)
    pool.insert([1, 5, 5])
    #expect(pool.candidates(after: 1) == [[4, 4], [5, 5]])
  }

  @Test("A pool for no candidates stays empty")
  func empty() throws {
    var pool = try Self.pool(capacity: 0)
    pool.insert([1, 2, 3])
    #expect(pool.count == 0 && pool.candidates(after: 1).isEmpty)
  }

  @Test("A text gives each of its n-grams once, and later only those that end in what is new")
  func text() throws {
    var pool = try Self.pool(capacity: 9)
    pool.insertNGrams(of: [1, 2, 3, 4], endingFrom: 0)
    #expect(pool.count == 2)
    pool.insertNGrams(of: [1, 2, 3, 4, 5, 6], endingFrom: 4)
    #expect(pool.count == 4)
    #expect(pool.candidates(after: 4) == [[5, 6]])
    pool.insertNGrams(of: [1], endingFrom: 0)
    pool.insertNGrams(of: [], endingFrom: 0)
    #expect(pool.count == 4)
  }
}
