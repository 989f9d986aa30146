import Tensor
import TestSupport
import Testing

@testable import Llama

/// Each kernel against its formula in Double, on random data of SmolLM2's shapes.
///
/// With LOOKAHEAD_LONG set the figures are printed, and compared with those that docs/numerics.md has
/// of the exact path: the same bits everywhere, so the same figures.
@Suite struct KernelErrorTests {
  static let executor = Executor(threadCount: 2)
  static let rows = 16

  /// Outputs and inputs of SmolLM2's linear layers; 4,096 rows of its output head.
  static let layers = [(576, 576), (192, 576), (1_536, 576), (576, 1_536), (4_096, 576)]

  @Test(
    "A matrix product, on both paths of float32 weights",
    arguments: [MatrixProductPath.exact, .blas], layers)
  func matrixProduct(path: MatrixProductPath, shape: (Int, Int)) throws {
    let (outputs, inputs) = shape
    let elements = randomFloats(outputs * inputs, seed: 1)
    let matrix = Matrix(rows: outputs, columns: inputs, elements: elements)
    let weights = LinearWeights([RowSource(matrix)], path: path, on: Self.executor)
    let x = randomMatrix(rows: Self.rows, columns: inputs, seed: 2)
    let figures = ErrorFigures(
      product(x, weights, on: Self.executor), truth: x.inDouble.map { product($0, matrix) })
    try report("product, \(inputs) to \(outputs) features, \(path.rawValue)", figures)
    #expect(figures.largestUlps < 60)
    #expect(figures.meanUlps < 4)
  }

  @Test("RMSNorm")
  func normalisation() throws {
    let x = randomMatrix(rows: 200, columns: 576, seed: 3)
    let weight = randomFloats(576, seed: 4)
    let epsilon: Float = 1e-5
    let figures = ErrorFigures(
      rmsNorm(x, weight: weight, epsilon: epsilon, on: Self.executor),
      truth: x.inDouble.map { rmsNorm($0, weight: weight, epsilon: Double(epsilon)) })
    try report("RMSNorm, 576 features", figures)
    #expect(figures.largestUlps < 4)
    #expect(figures.meanUlps < 1)
  }

  @Test("SwiGLU, for gates from -20 to 20")
  func gating() throws {
    var gateUp = randomMatrix(rows: 100, columns: 2 * 1_536, seed: 5)
    for row in 0..<gateUp.rows {
      for column in 0..<1_536 { gateUp[row, column] *= 20 }
    }
    let figures = ErrorFigures(
      gated(.silu, gateUp, on: Self.executor),
      truth: gateUp.inDouble.map {
        gated(.silu, gate: Array($0[..<1_536]), up: Array($0[1_536...]))
      })
    try report("SwiGLU, 1,536 features", figures)
    #expect(figures.largestUlps < 5)
    #expect(figures.meanUlps < 1)
  }

  @Test("Rotation, at positions up to 8,191")
  func rotation() throws {
    let frequencies = RotaryEmbedding(Self.smolLM2Heads).frequencies
    let positions = (0..<200).map { $0 * 8_191 / 199 }
    let angles = RotaryEmbedding(Self.smolLM2Heads).angles(positions: positions)
    let x = randomMatrix(rows: positions.count, columns: 12 * 64, seed: 6)
    var found = x
    rotate(
      &found, heads: 12, headDim: 64, cosines: angles.cosines, sines: angles.sines,
      on: Self.executor)
    let truth = zip(x.inDouble, positions).map { row, position in
      (0..<12).flatMap {
        rotate(
          Array(row[$0 * 64..<($0 + 1) * 64]), position: position, frequencies: frequencies)
      }
    }
    let figures = ErrorFigures(found, truth: truth)
    try report("rotation, 12 heads of 64 features", figures)
    #expect(figures.largestUlps < 4)
    #expect(figures.meanUlps < 1)
  }

  @Test("Attention, over 16 to 2,000 keys", arguments: [16, 129, 2_000])
  func attentionOverKeys(count: Int) throws {
    let (heads, kvHeads, headDim) = (9, 3, 64)
    let width = kvHeads * headDim
    let stored = randomMatrix(rows: count, columns: 2 * width, seed: 7)
    var store = KeyValueStore(layers: 1, kvHeads: kvHeads, headDim: headDim)
    store.reserve(slots: count)
    store.write(stored, keyColumn: 0, valueColumn: width, layer: 0, firstSlot: 0)
    // Queries long enough for some keys to matter more than others.
    let short = randomMatrix(rows: Self.rows, columns: heads * headDim, seed: 8)
    let queries = Matrix(
      rows: short.rows, columns: short.columns, elements: short.elements.map { 8 * $0 })
    let found = attention(
      queries: queries, heads: heads, store: store, layer: 0,
      visible: Array(repeating: VisibleKeys(prefix: count, others: []), count: Self.rows),
      on: Self.executor)
    let cached = stored.inDouble
    let truth = queries.inDouble.map { query in
      (0..<heads).flatMap { head -> [Double] in
        let first = head / (heads / kvHeads) * headDim
        let weights = attentionWeights(
          query: Array(query[head * headDim..<(head + 1) * headDim]),
          keys: cached.map { Array($0[first..<first + headDim]) })
        return weightedSum(
          weights, of: cached.map { Array($0[width + first..<width + first + headDim]) })
      }
    }
    let figures = ErrorFigures(found, truth: truth)
    try report("attention, 9 heads of 64 features, \(count) keys", figures)
    #expect(figures.largestUlps < 120)
    #expect(figures.meanUlps < 12)
  }

  /// SmolLM2's rotary embedding.
  static let smolLM2Heads: LlamaConfiguration = {
    var configuration = MinimalCheckpoint.configuration
    configuration.headDim = 64
    configuration.ropeBase = 100_000
    configuration.contextLength = 8_192
    return configuration
  }()

  private func report(_ name: String, _ figures: ErrorFigures) throws {
    guard LongSuite.isRequested else { return }
    let row = "| \(name) | \(figures) |"
    print(row)
    let documented = try NumericsPage.rows(startingWith: name)
    // OpenBLAS's figures are those of one CPU.
    #expect(documented == [row] || (name.hasSuffix("blas") && documented.count == 1))
  }
}

extension Matrix {
  /// The rows in Double, which holds every Float exactly.
  var inDouble: [[Double]] { (0..<rows).map { row($0).map(Double.init) } }
}
