import Testing

@testable import Tensor

struct WorkSharesTests {
  @Test(arguments: 1...5, [0, 1, 2, 3, 7, 64, 1_000])
  func `pieces are all items, each once, in halves that shrink`(parts: Int, count: Int) {
    let shares = WorkShares(parts: parts)
    for _ in 0..<2 {
      shares.share(count)
      var pieces: [[Range<Int>]] = Array(repeating: [], count: parts)
      for part in 0..<parts { shares.forEachPiece(part: part) { pieces[part].append($0) } }
      // The first part goes through its own share, and then finds the others' untouched.
      let first = pieces[0]
      #expect(first.flatMap(Array.init) == Array(0..<count))
      #expect(pieces.dropFirst().allSatisfy { $0.isEmpty })
      for share in 0..<parts {
        let own = count * share / parts..<count * (share + 1) / parts
        let lengths = first.filter { own.contains($0.lowerBound) }.map(\.count)
        #expect(zip(lengths, lengths.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(own.isEmpty || lengths.last == 1)
      }
    }
  }

  @Test func `a thread that is ahead does what another has not begun`() {
    let pool = ThreadPool(threadCount: 3)
    let counts = countsOfItems(100) { counts in
      for _ in 0..<200 {
        pool.forEachRange(of: 100) { range in for item in range { counts[item] += 1 } }
      }
    }
    #expect(counts == [Int](repeating: 200, count: 100))
  }
}

/// How often each of some items was counted by threads that share them out.
///
/// They count without a lock: that no two threads have the same item is what is tested, and what
/// ThreadSanitizer sees.
func countsOfItems(_ count: Int, _ body: (UnsafeMutableBufferPointer<Int>) -> Void) -> [Int] {
  var counts = [Int](repeating: 0, count: count)
  counts.withUnsafeMutableBufferPointer { body($0) }
  return counts
}
