import Tensor
import TestSupport
import Testing

@testable import Llama

@Suite struct KVCacheTests {
  static let configuration = MinimalCheckpoint.configuration

  /// A cache after a pass whose row r at position p holds p in its key and -p in its value.
  static func afterPass(_ positions: [Int], into cache: inout KVCache) {
    cache.beginPass(positions: positions)
    let width = configuration.kvHeads * configuration.headDim
    let rows = positions.flatMap { position in
      Array(repeating: Float(position), count: width)
        + Array(repeating: -Float(position), count: width)
    }
    let source = Matrix(rows: positions.count, columns: 2 * width, elements: rows)
    for layer in 0..<configuration.layerCount {
      cache.write(
        source, rows: 0..<source.rows, keyColumn: 0, valueColumn: width, layer: layer)
    }
  }

  /// The value held in each slot, read through attention to that slot alone.
  static func contents(_ cache: KVCache) -> [Float] {
    let executor = Executor(threadCount: 1)
    let width = configuration.attentionHeads * configuration.headDim
    return (0..<cache.count).map { slot in
      attention(
        queries: Matrix(rows: 1, columns: width), heads: configuration.attentionHeads,
        store: cache.store, layer: 0, visible: [VisibleKeys(prefix: 0, others: [slot])],
        on: executor)[0, 0]
    }
  }

  @Test(
    "Keeping rows keeps them in the order given and drops the rest",
    arguments: [[0, 1, 2], [0, 3, 4], [4, 0, 2], [3], [], [2, 2, 0, 1], [1, 0]],
    KeyValueFormat.allCases)
  func keep(rows: [Int], format: KeyValueFormat) throws {
    var cache = KVCache(Self.configuration, format: format)
    Self.afterPass([0, 1], into: &cache)
    try cache.keep(newRows: [0, 1])
    Self.afterPass([10, 11, 12, 13, 14], into: &cache)
    try cache.keep(newRows: rows)
    #expect(cache.positions == [0, 1] + rows.map { 10 + $0 })
    #expect(Self.contents(cache) == [0, -1] + rows.map { -Float(10 + $0) })
    #expect(cache.newPositions.isEmpty)
  }

  @Test("Rows that were not kept are gone with the next pass", arguments: KeyValueFormat.allCases)
  func dropped(format: KeyValueFormat) throws {
    var cache = KVCache(Self.configuration, format: format)
    Self.afterPass([5, 6, 7], into: &cache)
    Self.afterPass([1, 2], into: &cache)
    try cache.keep(newRows: [1])
    #expect(cache.positions == [2])
    #expect(Self.contents(cache) == [-2])
    #expect(throws: LlamaError.keptRowOutOfRange(row: 0, rows: 0)) { try cache.keep(newRows: [0]) }
  }

  @Test(
    "Truncation forgets the end, and what is kept then takes its place",
    arguments: KeyValueFormat.allCases)
  func truncate(format: KeyValueFormat) throws {
    var cache = KVCache(Self.configuration, format: format)
    Self.afterPass(Array(0..<300), into: &cache)
    try cache.keep(newRows: Array(0..<300))
    cache.truncate(toCount: 400)
    #expect(cache.count == 300)
    cache.truncate(toCount: 3)
    Self.afterPass([50], into: &cache)
    try cache.keep(newRows: [0])
    #expect(Self.contents(cache) == [0, -1, -2, -50])
    cache.truncate(toCount: -1)
    #expect(cache.count == 0)
  }

  @Test("A copy is not changed by what happens to the original", arguments: KeyValueFormat.allCases)
  func copies(format: KeyValueFormat) throws {
    var cache = KVCache(Self.configuration, format: format)
    Self.afterPass([0, 1, 2], into: &cache)
    try cache.keep(newRows: [0, 1, 2])
    let copy = cache
    cache.truncate(toCount: 1)
    Self.afterPass([7, 8], into: &cache)
    try cache.keep(newRows: [1, 0])
    #expect(Self.contents(copy) == [0, -1, -2])
    #expect(Self.contents(cache) == [0, -8, -7])
  }
}
