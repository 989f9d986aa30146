import Llama
import Tensor
import TestSupport
import Testing

/// `StoredTensor` and `RowOrder`.
struct CheckpointTensorTests {
  private static let everyFile = [
    "tiny-bf16-shards", "tiny-f16", "gguf/quantised-f32.gguf", "gguf/quantised-f16.gguf",
    "gguf/quantised-bf16.gguf", "gguf/quantised-q8_0.gguf", "gguf/quantised-q4_0.gguf",
    "gguf/quantised-q4_1.gguf", "gguf/quantised-q5_0.gguf", "gguf/quantised-q5_1.gguf",
    "gguf/quantised-k.gguf", "gguf/quantised-small.gguf",
  ]

  @Test(arguments: everyFile)
  func `rows taken apart are the whole tensor`(name: String) throws {
    let checkpoint = try Checkpoint.open(FixturePath.path(name))
    for tensor in checkpoint.tensors.values where tensor.shape.count == 2 {
      let whole = tensor.decodeAll()
      #expect(whole.count == tensor.count && whole.count == tensor.shape[0] * tensor.shape[1])
      var parts: [Float] = []
      for start in stride(from: 0, to: tensor.rows, by: 7) {
        parts += tensor.decodeRows(start..<min(start + 7, tensor.rows))
      }
      #expect(parts == whole, "\(tensor.name)")
      #expect(tensor.decodeRows(3..<3).isEmpty)
    }
  }

  @Test(arguments: everyFile)
  func `the bytes of a row decode to that row`(name: String) throws {
    let checkpoint = try Checkpoint.open(FixturePath.path(name))
    for tensor in checkpoint.tensors.values where tensor.shape.count == 2 {
      for row in [0, 1, tensor.rows - 1] {
        var values: [Float] = []
        tensor.withBytes(ofRows: row..<(row + 1)) {
          #expect($0 == row)
          tensor.format.decode($1, count: tensor.columns, appendingTo: &values)
        }
        #expect(values == tensor.decodeRows(row..<(row + 1)))
      }
    }
  }

  @Test func `the formats of one model are within their precision of each other`() throws {
    let exact = try Checkpoint.open(FixturePath.path("gguf/quantised-f32.gguf"))
    for (format, bound) in [
      ("f16", 1e-3), ("bf16", 1e-2), ("q8_0", 1e-2), ("q5_0", 0.08), ("q5_1", 0.08),
      ("q4_0", 0.15), ("q4_1", 0.15),
    ] {
      let other = try Checkpoint.open(FixturePath.path("gguf/quantised-\(format).gguf"))
      for (name, tensor) in exact.tensors {
        let expected = tensor.decodeAll()
        let largest = expected.map(\.magnitude).max() ?? 0
        let found = try #require(other.tensors[name]).decodeAll()
        let error = zip(expected, found).map { ($0 - $1).magnitude }.max() ?? .infinity
        #expect(Double(error / largest) < bound, "\(format) \(name)")
      }
    }
  }

  @Test(arguments: [2, 4, 16, 64, 128])
  func `alternating halves are a permutation within each head`(headDim: Int) {
    let order = RowOrder.alternatingHalves(headDim: headDim)
    for head in 0..<3 {
      let rows = head * headDim..<(head + 1) * headDim
      #expect(Set(rows.map { order.storedRow(of: $0) }) == Set(rows))
    }
    for pair in 0..<headDim / 2 {
      let first = order.storedRow(of: headDim + pair)
      #expect(first.isMultiple(of: 2))
      #expect(order.storedRow(of: headDim + pair + headDim / 2) == first + 1)
    }
    #expect(RowOrder.asStored.storedRow(of: 5) == 5)
  }

  @Test func `tensors decode in several threads at once`() async throws {
    let checkpoint = try Checkpoint.open(FixturePath.path("gguf/quantised-k.gguf"))
    let tensor = try #require(checkpoint.tensors["model.layers.0.self_attn.q_proj.weight"])
    let whole = tensor.decodeAll()
    let parts = await withTaskGroup(of: (Int, [Float]).self) { group in
      for row in 0..<tensor.rows {
        group.addTask { (row, tensor.decodeRows(row..<(row + 1))) }
      }
      return await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<tensor.rows).flatMap { parts[$0] ?? [] } == whole)
  }
}
