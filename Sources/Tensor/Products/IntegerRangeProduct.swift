import KernelTypes

/// Rows of activations rounded to integers, in tiles.
struct IntegerTiles {
  let rounding: ActivationRounding
  let split: RowSplit
  /// Groups of 32 columns.
  private let groups: Int
  private let records: FloatBuffer

  init(
    _ x: UnsafePointer<Float>, rows: Int, columns: Int, by rounding: ActivationRounding,
    _ executor: Executor
  ) {
    let kernels = executor.integerKernels
    split = RowSplit(rows: rows, maximum: kernels.maximumTileRows)
    groups = columns / QuantisedGroup.count
    self.rounding = rounding
    records = FloatBuffer(uninitializedCount: rows * groups * rounding.recordWords)
    split.forEachTile(on: executor) { tile in
      kernels.round(
        x + split.starts[tile] * columns, stride: columns, rows: split.height(tile),
        groups: groups, by: rounding, into: words(tile))
    }
  }

  private func words(_ tile: Int) -> UnsafeMutablePointer<Int32> {
    let first = records.base + split.starts[tile] * groups * rounding.recordWords
    return UnsafeMutableRawPointer(first).assumingMemoryBound(to: Int32.self)
  }

  func tile(_ index: Int) -> IntegerTile {
    IntegerTile(
      words(index), rows: split.height(index), groups: groups, planes: rounding.planes)
  }
}

/// A range of panels in integers.
struct IntegerRangeProduct: PanelRangeProduct {
  let x: IntegerTiles
  let weights: WeightPanels
  let y: Sums
  let kernels: any IntegerKernelSet.Type

  var rows: Int { x.split.rows }

  /// Takes all row tiles past one panel after the other, so that weights are read from memory once.
  func write(_ panels: Range<Int>, _ y: Sums) {
    if x.split.count == 1 {
      kernels.product(weights.stored(panels), x.tile(0), into: y)
      return
    }
    for panel in panels {
      let y = y.advanced(panels: panel - panels.lowerBound)
      for tile in 0..<x.split.count {
        kernels.product(
          weights.stored(panel..<panel + 1), x.tile(tile),
          into: y.advanced(rows: x.split.starts[tile]))
      }
    }
  }
}
