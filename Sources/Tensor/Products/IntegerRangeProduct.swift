import KernelTypes

/// Rows of activations rounded to integers, in tiles of nearly equal height.
struct IntegerTiles {
  let rounding: ActivationRounding
  /// First row of each tile, and the number of rows at the end.
  let starts: [Int]
  /// Groups of 32 columns.
  let groups: Int
  private let records: FloatBuffer

  var count: Int { starts.count - 1 }
  var rows: Int { starts[count] }
  private var rowWords: Int { groups * rounding.recordWords }

  init(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, by rounding: ActivationRounding,
    _ executor: Executor
  ) {
    let kernels = executor.integerKernels
    let tiles = (rows + kernels.maximumTileRows - 1) / kernels.maximumTileRows
    let starts = (0...tiles).map { rows * $0 / tiles }
    let groups = columns / QuantisedGroup.count
    let rowWords = groups * rounding.recordWords
    let records = FloatBuffer(uninitializedCount: rows * rowWords)
    let round = { (tile: Int) in
      let words = UnsafeMutableRawPointer(records.base + starts[tile] * rowWords)
      kernels.round(
        x + starts[tile] * columns, stride: columns, rows: starts[tile + 1] - starts[tile],
        groups: groups, by: rounding, into: words.assumingMemoryBound(to: Int32.self))
    }
    if tiles == 1 {
      round(0)
    } else {
      executor.pool.forEachRange(of: tiles) { $0.forEach(round) }
    }
    self.rounding = rounding
    self.starts = starts
    self.groups = groups
    self.records = records
  }

  func tile(_ index: Int) -> IntegerTile {
    let words = UnsafeRawPointer(records.base + starts[index] * rowWords)
    return IntegerTile(
      words.assumingMemoryBound(to: Int32.self), rows: starts[index + 1] - starts[index],
      groups: groups, planes: rounding.planes)
  }
}

/// A range of panels in integers.
struct IntegerRangeProduct: PanelRangeProduct {
  let x: IntegerTiles
  let weights: WeightPanels
  let y: Sums
  let kernels: any IntegerKernelSet.Type

  var rows: Int { x.rows }

  /// Bytes from the weights that are read to those that are prefetched.
  private static let ahead = 4096

  /// Takes all row tiles past one panel after the other, so that weights are read from memory once.
  func write(_ panels: Range<Int>, _ y: Sums) {
    if x.count == 1 {
      kernels.product(weights.stored(panels), x.tile(0), ahead: Self.ahead, into: y)
      return
    }
    for panel in panels {
      let y = y.advanced(panels: panel - panels.lowerBound)
      for tile in 0..<x.count {
        kernels.product(
          weights.stored(panel..<panel + 1), x.tile(tile), ahead: Self.ahead,
          into: y.advanced(rows: x.starts[tile]))
      }
    }
  }
}
