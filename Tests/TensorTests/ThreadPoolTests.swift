import Synchronization
import Testing

@testable import Tensor

@Suite struct ThreadPoolTests {
  @Test("Every part of every job runs once", arguments: [1, 2, 3, 8])
  func everyPart(threads: Int) {
    let pool = ThreadPool(threadCount: threads)
    #expect(pool.threadCount == threads)
    let counts = countsOfItems(threads) { counts in
      for _ in 0..<500 { pool.run { part in counts[part] += 1 } }
    }
    #expect(counts == [Int](repeating: 500, count: threads))
  }

  @Test("Ranges cover everything once", arguments: [0, 1, 2, 3, 7, 100])
  func ranges(count: Int) {
    let pool = ThreadPool(threadCount: 3)
    let counts = countsOfItems(count) { counts in
      pool.forEachRange(of: count) { range in for item in range { counts[item] += 1 } }
    }
    #expect(counts == [Int](repeating: 1, count: count))
  }

  @Test("Jobs of several callers take turns")
  func severalCallers() async {
    let pool = ThreadPool(threadCount: 2)
    let total = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<200 { pool.run { _ in total.increment() } }
        }
      }
    }
    #expect(total.count == 8 * 200 * 2)
  }

  @Test("Many pools at once, each with several callers, run every part once")
  func manyPoolsAtOnce() async {
    let total = Counter()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        let pool = ThreadPool(threadCount: 1 + number % 4)
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<60 { pool.forEachRange(of: 10) { total.add($0.count) } }
          }
        }
      }
    }
    #expect(total.count == 24 * 3 * 60 * 10)
  }

  @Test("Pools come and go")
  func manyPools() {
    for _ in 0..<100 {
      let pool = ThreadPool(threadCount: 3)
      pool.run { _ in }
    }
  }
}

/// Counts on several threads.
private final class Counter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .relaxed) }

  func add(_ number: Int) { value.add(number, ordering: .relaxed) }

  func increment() { value.add(1, ordering: .relaxed) }
}
