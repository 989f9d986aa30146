import COpenBLAS
import KernelTypes

/// `y = x · Wᵀ`: `y[t, o] = Σ_k x[t, k] · W[o, k]`.
///
/// On a row-invariant path row `t` of the result depends on row `t` of `x` alone, bit for bit.
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
        let input = ProductInput(source, rows: x.rows, columns: x.columns, executor)
        panelProduct(input, parts, weights.path, y, stride: weights.outputs, executor)
      case .rowMajor(let buffer):
        blasProduct(source, rows: x.rows, weights, buffer, y, executor)
      }
    }
  }
}

/// The rows of `x` in tiles, each packed `[columns][tile rows]`, so that the kernel reads them in order.
struct RowTiles {
  let split: RowSplit
  let columns: Int
  private let packed: FloatBuffer

  init(_ x: UnsafePointer<Float>, rows: Int, columns: Int, _ executor: Executor) {
    let split = RowSplit(rows: rows, maximum: executor.kernels.maximumTileRows)
    let packed = FloatBuffer(uninitializedCount: rows * columns)
    split.forEachTile(on: executor) { tile in
      let start = split.starts[tile] * columns
      executor.kernels.packRows(
        x + start, stride: columns, rows: split.height(tile), depth: columns,
        into: packed.base + start)
    }
    self.split = split
    self.columns = columns
    self.packed = packed
  }

  func tile(_ index: Int) -> RowTile { tile(index, from: 0, depth: columns) }

  /// The columns `start ..< start + depth` of a tile.
  func tile(_ index: Int, from start: Int, depth: Int) -> RowTile {
    let rows = split.height(index)
    return RowTile(
      packed.base + split.starts[index] * columns + start * rows, rows: rows, depth: depth)
  }
}

/// The rows of `x` in the forms that the parts of a product want, each made once.
private final class ProductInput {
  private let x: UnsafePointer<Float>
  private let rows: Int
  private let columns: Int
  private let executor: Executor
  private lazy var floats = RowTiles(x, rows: rows, columns: columns, executor)
  private var integers: [IntegerTiles] = []

  init(_ x: UnsafePointer<Float>, rows: Int, columns: Int, _ executor: Executor) {
    (self.x, self.rows, self.columns, self.executor) = (x, rows, columns, executor)
  }

  func product(
    with weights: WeightPanels, _ path: MatrixProductPath, _ y: Sums
  ) -> any PanelRangeProduct {
    guard let rounding = path.rounding(for: weights.storage) else {
      return ExactRangeProduct(x: floats, weights: weights, y: y, kernels: executor.kernels)
    }
    return IntegerRangeProduct(
      x: tiles(rounding), weights: weights, y: y, kernels: executor.integerKernels)
  }

  private func tiles(_ rounding: ActivationRounding) -> IntegerTiles {
    if let made = integers.first(where: { $0.rounding == rounding }) { return made }
    let tiles = IntegerTiles(x, rows: rows, columns: columns, by: rounding, executor)
    integers.append(tiles)
    return tiles
  }
}

/// Each thread computes contiguous ranges of panels, across parts.
private func panelProduct(
  _ x: ProductInput, _ parts: [WeightPanels], _ path: MatrixProductPath,
  _ y: UnsafeMutablePointer<Float>, stride: Int, _ executor: Executor
) {
  var products: [(firstUnit: Int, product: any PanelRangeProduct)] = []
  var (units, outputs) = (0, 0)
  for part in parts {
    products.append((units, x.product(with: part, path, Sums(y + outputs, stride: stride))))
    units += part.unitCount
    outputs += part.outputs
  }
  let all = products
  executor.pool.forEachRange(of: units) { range in
    for (first, product) in all {
      let local = range.clamped(to: first..<first + product.weights.unitCount)
      if !local.isEmpty { product.run(local.lowerBound - first..<local.upperBound - first) }
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
