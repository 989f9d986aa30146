import COpenBLAS
import KernelTypes

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
  if x.rows * weights.outputs * weights.inputs == 0 {
    return Matrix(rows: x.rows, columns: weights.outputs)
  }
  return Matrix(rows: x.rows, columns: weights.outputs) { y in
    x.withElements { source in
      switch weights.layout {
      case .panels(let parts):
        let tiles = RowTiles(source, rows: x.rows, columns: x.columns, executor)
        exactProduct(tiles, parts, y, stride: weights.outputs, executor)
      case .rowMajor(let buffer):
        blasProduct(source, rows: x.rows, weights, buffer, y, executor)
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
  var rows: Int { starts[count] }

  init(_ x: UnsafePointer<Float>, rows: Int, columns: Int, _ executor: Executor) {
    let maximum = executor.kernels.maximumTileRows
    let tiles = (rows + maximum - 1) / maximum
    let starts = (0...tiles).map { rows * $0 / tiles }
    let packed = FloatBuffer(uninitializedCount: rows * columns)
    let pack = { (tile: Int) in
      let height = starts[tile + 1] - starts[tile]
      executor.kernels.packRows(
        x + starts[tile] * columns, stride: columns, rows: height, depth: columns,
        into: packed.base + starts[tile] * columns)
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

  func tile(_ index: Int) -> RowTile { tile(index, from: 0, depth: columns) }

  /// The columns `start ..< start + depth` of a tile.
  func tile(_ index: Int, from start: Int, depth: Int) -> RowTile {
    let rows = starts[index + 1] - starts[index]
    return RowTile(packed.base + starts[index] * columns + start * rows, rows: rows, depth: depth)
  }
}

/// Each thread computes contiguous ranges of panels, across parts.
private func exactProduct(
  _ x: RowTiles, _ parts: [WeightPanels], _ y: UnsafeMutablePointer<Float>, stride: Int,
  _ executor: Executor
) {
  let units = parts.reduce(0) { $0 + $1.unitCount }
  executor.pool.forEachRange(of: units) { range in
    var (firstUnit, firstOutput) = (0, 0)
    for part in parts {
      let local = range.clamped(to: firstUnit..<firstUnit + part.unitCount)
      if !local.isEmpty {
        let product = PanelRangeProduct(
          x: x, weights: part, y: Sums(y + firstOutput, stride: stride),
          kernels: executor.kernels)
        product.run(local.lowerBound - firstUnit..<local.upperBound - firstUnit)
      }
      firstUnit += part.unitCount
      firstOutput += part.outputs
    }
  }
}

/// OpenBLAS's number of threads is one for the whole process, so it is set once, to 1, and the outputs
/// are divided among the threads of the executor (docs/decisions/0071).
private let singleThreadedOpenBLAS: Void = openblas_set_num_threads(1)

private func blasProduct(
  _ x: UnsafePointer<Float>, rows: Int, _ weights: LinearWeights, _ buffer: FloatBuffer,
  _ y: UnsafeMutablePointer<Float>, _ executor: Executor
) {
  singleThreadedOpenBLAS
  let (outputs, inputs) = (weights.outputs, Int32(weights.inputs))
  let units = (outputs + laneCount - 1) / laneCount
  let parts = executor.threadCount
  // Not `forEachRange`: its ranges, and with them OpenBLAS's rounding, differ from run to run.
  executor.pool.run { part in
    let first = units * part / parts * laneCount
    let count = min(units * (part + 1) / parts * laneCount, outputs) - first
    if count == 0 { return }
    let w = buffer.base + first * weights.inputs
    if rows == 1 {
      // sgemm packs the weights at each call, which for one row costs as much as the product.
      cblas_sgemv(
        CblasRowMajor, CblasNoTrans, Int32(count), inputs, 1, w, inputs, x, 1, 0, y + first, 1)
    } else {
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(count), inputs, 1, x, inputs,
        w, inputs, 0, y + first, Int32(outputs))
    }
  }
}
