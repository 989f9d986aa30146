import KernelTypes

/// A range of panels on the exact path.
///
/// Takes all row tiles past a few panels at a time, so that weights are read from memory once.
struct ExactRangeProduct: PanelRangeProduct {
  let x: RowTiles
  let weights: WeightPanels
  let y: Sums
  let kernels: any KernelSet.Type

  var rows: Int { x.split.rows }

  func write(_ panels: Range<Int>, _ y: Sums) {
    for row in 0..<rows {
      (y.base + row * y.stride).update(repeating: 0, count: panels.count * laneCount)
    }
    if weights.storage == .float32 {
      addFloats(panels, y)
    } else if rows <= kernels.maximumStoredRows {
      kernels.storedPanelProduct(weights.stored(panels), x.tile(0), addingTo: y)
    } else {
      addDecoded(panels, y)
    }
  }

  private func addFloats(_ panels: Range<Int>, _ y: Sums) {
    let stride = weights.inputs * laneCount
    let atOnce = x.split.count == 1 ? panels.count : WeightPanels.unit
    for first in Swift.stride(from: panels.lowerBound, to: panels.upperBound, by: atOnce) {
      let some = FloatPanels(
        weights.panel(first).assumingMemoryBound(to: Float.self), stride: stride,
        count: min(atOnce, panels.upperBound - first))
      let y = y.advanced(panels: first - panels.lowerBound)
      for tile in 0..<x.split.count {
        // The weights that follow in memory are needed next.
        kernels.panelProduct(
          some, x.tile(tile), addingTo: y.advanced(rows: x.split.starts[tile]),
          Prefetch(ahead: WeightPanels.unit * stride, part: tile, of: x.split.count))
      }
    }
  }

  /// Decodes a block of k's of a few panels into memory that stays in the L1 cache, and takes all row
  /// tiles past it.
  private func addDecoded(_ panels: Range<Int>, _ y: Sums) {
    let unit = WeightPanels.unit
    let decoded = FloatBuffer(uninitializedCount: unit * reductionBlock * laneCount)
    for first in stride(from: panels.lowerBound, to: panels.upperBound, by: unit) {
      let y = y.advanced(panels: first - panels.lowerBound)
      for start in stride(from: 0, to: weights.inputs, by: reductionBlock) {
        let depth = min(reductionBlock, weights.inputs - start)
        kernels.decodePanels(
          weights.stored(first..<first + unit, from: start), depth: depth,
          ahead: unit * weights.panelBytes, into: decoded.base)
        let block = FloatPanels(decoded.base, stride: depth * laneCount, count: unit)
        for tile in 0..<x.split.count {
          kernels.panelProduct(
            block, x.tile(tile, from: start, depth: depth),
            addingTo: y.advanced(rows: x.split.starts[tile]), .none)
        }
      }
    }
  }
}
