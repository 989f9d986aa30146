import TestSupport
import Testing

@testable import Tensor

@Suite struct AttentionTests {
  /// Keys and values of `slots` tokens in a store of two layers, and the rows that it must hold.
  static func store(
    kvHeads: Int, headDim: Int, slots: Int, _ format: KeyValueFormat = .float32, seed: UInt64
  ) -> (KeyValueStore, Matrix) {
    var store = KeyValueStore(layers: 2, kvHeads: kvHeads, headDim: headDim, format: format)
    let width = kvHeads * headDim
    let rows = randomMatrix(rows: slots, columns: 2 * width, seed: seed)
    store.reserve(slots: slots)
    for layer in 0..<2 {
      store.write(rows, keyColumn: 0, valueColumn: width, layer: layer, firstSlot: 0)
    }
    if format == .float32 { return (store, rows) }
    let rounded = rows.elements.map(CanonicalOrder.float16)
    return (store, Matrix(rows: rows.rows, columns: rows.columns, elements: rounded))
  }

  static func expected(
    _ queries: Matrix, row: Int, heads: Int, kvHeads: Int, headDim: Int, rows: Matrix,
    _ keys: VisibleKeys
  ) -> [Float] {
    let slots = keys.slots
    return (0..<heads).flatMap { head in
      let kvHead = head / (heads / kvHeads)
      let part = { (slot: Int, column: Int) -> [Float] in
        let start = column + kvHead * headDim
        return Array(Array(rows.row(slot))[start..<start + headDim])
      }
      return CanonicalOrder.attention(
        Array(Array(queries.row(row))[head * headDim..<(head + 1) * headDim]),
        keys: slots.map { part($0, 0) }, values: slots.map { part($0, kvHeads * headDim) })
    }
  }

  @Test(
    "Attention has the bits of the canonical order under any list of keys",
    arguments: InstructionSet.available,
    [(1, 1, 4, 20), (9, 3, 64, 300), (8, 4, 16, 129), (32, 1, 20, 40), (4, 2, 130, 150)])
  func canonicalBits(instructionSet: InstructionSet, shape: (Int, Int, Int, Int)) {
    checkBits(instructionSet, shape, .float32)
  }

  @Test(
    "With a float16 store it has those bits for the rounded keys and values",
    arguments: InstructionSet.available,
    [(1, 1, 4, 20), (9, 3, 64, 450), (8, 4, 16, 129), (32, 1, 20, 40), (4, 2, 130, 150)])
  func canonicalBitsOfHalves(instructionSet: InstructionSet, shape: (Int, Int, Int, Int)) {
    checkBits(instructionSet, shape, .float16)
  }

  private func checkBits(
    _ instructionSet: InstructionSet, _ shape: (Int, Int, Int, Int), _ format: KeyValueFormat
  ) {
    let (heads, kvHeads, headDim, slots) = shape
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    let (store, rows) = Self.store(
      kvHeads: kvHeads, headDim: headDim, slots: slots, format, seed: 9)
    var generator = SeededGenerator(seed: 10)
    let count = 7
    let queries = randomMatrix(rows: count, columns: heads * headDim + 3, seed: 11)
    let visible = (0..<count).map { _ in
      let prefix = Int.random(in: 0..<slots, using: &generator)
      let others = (prefix..<slots).shuffled(using: &generator)
      return VisibleKeys(
        prefix: prefix,
        others: Array(others.prefix(Int.random(in: 1...others.count, using: &generator))))
    }
    let output = attention(
      queries: queries, heads: heads, store: store, layer: 1, visible: visible, on: executor)
    for row in 0..<count {
      let expected = Self.expected(
        queries, row: row, heads: heads, kvHeads: kvHeads, headDim: headDim, rows: rows,
        visible[row])
      #expect(Array(output.row(row)) == expected, "row \(row), \(visible[row])")
      let alone = attention(
        queries: queries.selectingRows([row]), heads: heads, store: store, layer: 1,
        visible: [visible[row]], on: executor)
      #expect(Array(alone.row(0)) == expected)
    }
  }

  @Test(
    "A hidden key is never read into a sum, not even NaN", arguments: KeyValueFormat.allCases)
  func hiddenKeys(format: KeyValueFormat) {
    let executor = Executor(threadCount: 2)
    var (store, _) = Self.store(kvHeads: 1, headDim: 16, slots: 140, format, seed: 12)
    let queries = randomMatrix(rows: 2, columns: 32, seed: 13)
    let visible = [
      VisibleKeys(prefix: 130, others: [132, 139]), VisibleKeys(prefix: 0, others: [1, 131]),
    ]
    let before = attention(
      queries: queries, heads: 2, store: store, layer: 0, visible: visible, on: executor)
    let poison = Matrix(rows: 1, columns: 32, elements: Array(repeating: .nan, count: 32))
    for slot in [133, 134, 138] {
      store.write(poison, keyColumn: 0, valueColumn: 16, layer: 0, firstSlot: slot)
    }
    let after = attention(
      queries: queries, heads: 2, store: store, layer: 0, visible: visible, on: executor)
    #expect(before == after)
  }

  @Test(
    "The weights of a row sum to 1, are 0 for hidden keys, and weigh the values to the output",
    arguments: KeyValueFormat.allCases)
  func weights(format: KeyValueFormat) {
    let (heads, kvHeads, headDim, slots) = (9, 3, 20, 140)
    let executor = Executor(threadCount: 2)
    let (store, rows) = Self.store(
      kvHeads: kvHeads, headDim: headDim, slots: slots, format, seed: 18)
    let queries = randomMatrix(rows: 2, columns: heads * headDim, seed: 19)
    let visible = [
      VisibleKeys(prefix: 130, others: [139, 132]), VisibleKeys(prefix: 0, others: [1, 131]),
    ]
    let weights = attentionWeights(
      queries: queries, heads: heads, store: store, layer: 0, visible: visible, keys: slots,
      on: executor)
    let output = attention(
      queries: queries, heads: heads, store: store, layer: 0, visible: visible, on: executor)
    for row in 0..<2 {
      for head in 0..<heads {
        let ofHead = Array(Array(weights.row(row))[head * slots..<(head + 1) * slots])
        #expect(abs(ofHead.reduce(0, +) - 1) < 1e-5)
        #expect(Set(ofHead.indices.filter { ofHead[$0] != 0 }) == Set(visible[row].slots))
        for d in 0..<headDim {
          let column = kvHeads * headDim + head / (heads / kvHeads) * headDim + d
          let expected = ofHead.enumerated().reduce(0) { $0 + $1.element * rows[$1.offset, column] }
          #expect(abs(output[row, head * headDim + d] - expected) < 1e-5)
        }
      }
    }
  }

  @Test(
    "A copy of a store keeps what it had when the original is written to",
    arguments: KeyValueFormat.allCases)
  func copyOnWrite(format: KeyValueFormat) {
    let (original, _) = Self.store(kvHeads: 1, headDim: 8, slots: 130, format, seed: 14)
    var changed = original
    changed.write(
      Matrix(rows: 1, columns: 16), keyColumn: 0, valueColumn: 8, layer: 0, firstSlot: 3)
    changed.copySlot(5, to: 129)
    let executor = Executor(threadCount: 1)
    let queries = randomMatrix(rows: 1, columns: 8, seed: 15)
    let all = [VisibleKeys(prefix: 130, others: [])]
    let result = { (store: KeyValueStore) in
      attention(queries: queries, heads: 1, store: store, layer: 0, visible: all, on: executor)
    }
    let again = Self.store(kvHeads: 1, headDim: 8, slots: 130, format, seed: 14).0
    #expect(result(original) == result(again))
    #expect(result(changed) != result(original))
  }

  @Test(
    "A copied slot has the key and value of its source in every layer",
    arguments: KeyValueFormat.allCases)
  func copiedSlot(format: KeyValueFormat) {
    let executor = Executor(threadCount: 1)
    var (store, _) = Self.store(kvHeads: 2, headDim: 20, slots: 140, format, seed: 16)
    store.copySlot(3, to: 139)
    let queries = randomMatrix(rows: 1, columns: 40, seed: 17)
    for layer in 0..<2 {
      let of = { (slot: Int) in
        attention(
          queries: queries, heads: 2, store: store, layer: layer,
          visible: [VisibleKeys(prefix: 0, others: [slot])], on: executor)
      }
      #expect(of(139) == of(3))
      #expect(of(139) != of(138))
    }
  }

  @Test("A float16 store takes half the bytes, and overflows to infinity")
  func halves() {
    let bytes = KeyValueFormat.allCases.map {
      KeyValueStore(layers: 3, kvHeads: 2, headDim: 20, format: $0).bytesPerBlock
    }
    // Values are padded to 32 dimensions.
    #expect(bytes == [3 * 2 * 128 * (20 + 32) * 4, 3 * 2 * 128 * (20 + 32) * 2])
    var store = KeyValueStore(layers: 1, kvHeads: 1, headDim: 4, format: .float16)
    store.reserve(slots: 1)
    let row: [Float] = [0, 0, 0, 0, 65_519, -65_520, 0x1p-25, 1 + 0x1p-11]
    store.write(
      Matrix(rows: 1, columns: 8, elements: row), keyColumn: 0, valueColumn: 4, layer: 0,
      firstSlot: 0)
    let output = attention(
      queries: Matrix(rows: 1, columns: 4), heads: 1, store: store, layer: 0,
      visible: [VisibleKeys(prefix: 1, others: [])], on: Executor(threadCount: 1))
    #expect(Array(output.row(0)) == [65_504, -.infinity, 0, 1])
  }
}
