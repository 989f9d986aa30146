import COpenBLAS
import KernelsPortable

/// `y = x · Wᵀ`: `y[t, o] = Σ_k x[t, k] · W[o, k]`.
///
/// On the exact path row `t` of the result depends on row `t` of `x` alone, bit for bit.
/// - Parameters:
///   - x: activations, `[tokens, inputs]`.
///   - weights: `[outputs, inputs]`; their layout decides the path.
/// - Returns: `[tokens, outputs]`.
/// - Precondition: `x.columns == weights.inputs`.
public func product(_ x: Matrix, _ weights: LinearWeights, on executor: Executor) -> Matrix {
  precondition(
    x.columns == weights.inputs,
    "product of [\(x.rows), \(x.columns)] with weights [\(weights.outputs), \(weights.inputs)]")
  if x.rows == 0 || weights.outputs == 0 { return Matrix(rows: x.rows, columns: weights.outputs) }
  return Matrix(rows: x.rows, columns: weights.outputs) { y in
    x.withElements { source in
      switch weights.path {
      case .exact:
        let tiles = RowTiles(source, rows: x.rows, columns: x.columns, executor)
        exactProduct(tiles, weights, y, executor)
      case .blas: blasProduct(source, rows: x.rows, weights, y, executor)
      }
    }
  }
}

/// The rows of `x` in tiles of nearly equal height, each packed `[columns][tile rows]`, so that the
/// kernel reads them in order.
struct RowTiles {
  /// First row of each tile, and the number of rows at the end.
  let starts: [Int]
  let columns: Int
  private let packed: FloatBuffer

  var count: Int { starts.count - 1 }

  init(_ x: UnsafePointer<Float>, rows: Int, columns: Int, _ executor: Executor) {
    let maximum = executor.kernels.maximumTileRows
    let tiles = (rows + maximum - 1) / maximum
    let starts = (0...tiles).map { rows * $0 / tiles }
    let packed = FloatBuffer(count: rows * columns)
    let pack = { (tile: Int) in
      let height = starts[tile + 1] - starts[tile]
      let target = packed.base + starts[tile] * columns
      for row in 0..<height {
        let source = x + (starts[tile] + row) * columns
        for k in 0..<columns { target[k &* height &+ row] = source[k] }
      }
    }
    if tiles == 1 {
      pack(0)
    } else {
      executor.pool.forEachRange(of: tiles) { $0.forEach(pack) }
    }
    self.starts = starts
    self.columns = columns
    self.packed = packed
  }

  func tile(_ index: Int) -> UnsafePointer<Float> {
    UnsafePointer(packed.base + starts[index] * columns)
  }

  func height(_ index: Int) -> Int { starts[index + 1] - starts[index] }
}

/// Each thread takes a contiguous range of panels. It goes through them a few at a time and takes
/// all row tiles past these before it goes on, so that weights come from memory once.
private func exactProduct(
  _ x: RowTiles, _ weights: LinearWeights, _ y: UnsafeMutablePointer<Float>, _ executor: Executor
) {
  let (outputs, depth) = (weights.outputs, weights.inputs)
  let wholePanels = outputs / laneCount
  let rows = x.starts[x.count]
  let panelsAtOnce = x.count == 1 ? weights.panelCount : 2
  executor.pool.forEachRange(of: (weights.panelCount + 1) / 2) { pairs in
    let panels = pairs.lowerBound * 2..<min(pairs.upperBound * 2, weights.panelCount)
    let whole = panels.clamped(to: 0..<wholePanels)
    for row in 0..<rows {
      (y + row * outputs + whole.lowerBound * laneCount)
        .update(repeating: 0, count: whole.count * laneCount)
    }
    for first in stride(from: whole.lowerBound, to: whole.upperBound, by: panelsAtOnce) {
      let count = min(panelsAtOnce, whole.upperBound - first)
      for tile in 0..<x.count {
        executor.kernels.panelProduct(
          weights.buffer.base + first * weights.panelStride, weights.panelStride, count,
          x.tile(tile), x.height(tile), depth,
          y + x.starts[tile] * outputs + first * laneCount, outputs)
      }
    }
    if panels.upperBound > wholePanels { lastPanel(x, weights, y, executor) }
  }
}

/// The padded panel: its sums do not fit the rows of `y`, so they are made beside and copied.
private func lastPanel(
  _ x: RowTiles, _ weights: LinearWeights, _ y: UnsafeMutablePointer<Float>, _ executor: Executor
) {
  let panel = weights.panelCount - 1
  let valid = weights.outputs - panel * laneCount
  for tile in 0..<x.count {
    let sums = FloatBuffer(count: x.height(tile) * laneCount)
    executor.kernels.panelProduct(
      weights.buffer.base + panel * weights.panelStride, weights.panelStride, 1,
      x.tile(tile), x.height(tile), weights.inputs, sums.base, laneCount)
    for row in 0..<x.height(tile) {
      (y + (x.starts[tile] + row) * weights.outputs + panel * laneCount)
        .update(from: sums.base + row * laneCount, count: valid)
    }
  }
}

private func blasProduct(
  _ x: UnsafePointer<Float>, rows: Int, _ weights: LinearWeights, _ y: UnsafeMutablePointer<Float>,
  _ executor: Executor
) {
  let (outputs, inputs) = (Int32(weights.outputs), Int32(weights.inputs))
  openblas_set_num_threads(Int32(executor.threadCount))
  if rows == 1 {
    // sgemm packs the weights at each call, which for one row costs as much as the product.
    cblas_sgemv(
      CblasRowMajor, CblasNoTrans, outputs, inputs, 1, weights.buffer.base, inputs, x, 1, 0, y, 1)
  } else {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), outputs, inputs, 1, x, inputs,
      weights.buffer.base, inputs, 0, y, outputs)
  }
}
