import KernelsPortable

/// The product of all row tiles with some of the panels: what one thread does of a matrix product.
///
/// It goes through its panels a few at a time and takes all row tiles past these before it goes on, so
/// that weights come from memory once.
struct PanelRangeProduct {
  let x: RowTiles
  let weights: WeightPanels
  /// Result of the first row and the first output of `weights`.
  let y: UnsafeMutablePointer<Float>
  /// Floats from one row of the result to the next.
  let yStride: Int
  let kernels: KernelTable

  /// Writes the outputs of the panels of some units.
  func run(_ units: Range<Int>) {
    let end = min(units.upperBound * WeightPanels.unit, weights.panelCount)
    let panels = units.lowerBound * WeightPanels.unit..<end
    // Panels from here on reach beyond the last output.
    let padded =
      weights.storage == .float32
      ? weights.outputs / laneCount
      : weights.outputs / laneCount / WeightPanels.unit * WeightPanels.unit
    let whole = panels.clamped(to: 0..<max(padded, panels.lowerBound))
    if !whole.isEmpty { add(whole, y + whole.lowerBound * laneCount, yStride) }
    if whole.upperBound < panels.upperBound { runPadded(max(whole.upperBound, padded)..<end) }
  }

  /// The sums of padded panels do not fit the rows of `y`, so they are made beside and copied.
  private func runPadded(_ panels: Range<Int>) {
    let first = panels.lowerBound * laneCount
    let valid = weights.outputs - first
    let width = panels.count * laneCount
    let sums = FloatBuffer(uninitializedCount: x.rows * width)
    add(panels, sums.base, width)
    for row in 0..<x.rows {
      (y + row * yStride + first).update(from: sums.base + row * width, count: valid)
    }
  }

  private func add(_ panels: Range<Int>, _ y: UnsafeMutablePointer<Float>, _ yStride: Int) {
    for row in 0..<x.rows {
      (y + row * yStride).update(repeating: 0, count: panels.count * laneCount)
    }
    if weights.storage == .float32 {
      addFloats(panels, y, yStride)
    } else if x.rows <= kernels.maximumStoredRows {
      kernels.storedPanelProduct(
        weights.storage.rawValue, weights.panel(panels.lowerBound), weights.panelBytes,
        panels.count, x.tile(0), x.rows, weights.inputs, y, yStride)
    } else {
      addDecoded(panels, y, yStride)
    }
  }

  private func addFloats(
    _ panels: Range<Int>, _ y: UnsafeMutablePointer<Float>, _ yStride: Int
  ) {
    let panelFloats = weights.inputs * laneCount
    // The weights that follow in memory are wanted next: by the time these are done they have arrived.
    let ahead = WeightPanels.unit * panelFloats
    let atOnce = x.count == 1 ? panels.count : WeightPanels.unit
    for first in stride(from: panels.lowerBound, to: panels.upperBound, by: atOnce) {
      let count = min(atOnce, panels.upperBound - first)
      let w = weights.panel(first).assumingMemoryBound(to: Float.self)
      for tile in 0..<x.count {
        kernels.panelProduct(
          w, panelFloats, count, x.tile(tile), x.height(tile), weights.inputs, ahead, tile, x.count,
          y + x.starts[tile] * yStride + (first - panels.lowerBound) * laneCount, yStride)
      }
    }
  }

  /// Decodes a block of k's of a few panels into memory that stays in the first-level cache, and takes
  /// all row tiles past it.
  private func addDecoded(
    _ panels: Range<Int>, _ y: UnsafeMutablePointer<Float>, _ yStride: Int
  ) {
    let unit = WeightPanels.unit
    let blockFloats = reductionBlock * laneCount
    let decoded = FloatBuffer(uninitializedCount: unit * blockFloats)
    let storage = weights.storage
    for first in stride(from: panels.lowerBound, to: panels.upperBound, by: unit) {
      let y = y + (first - panels.lowerBound) * laneCount
      for start in stride(from: 0, to: weights.inputs, by: reductionBlock) {
        let depth = min(reductionBlock, weights.inputs - start)
        kernels.decodePanels(
          storage.rawValue,
          weights.panel(first) + start / storage.groupDepth * storage.groupBytes,
          weights.panelBytes, unit, depth, unit * weights.panelBytes, decoded.base)
        for tile in 0..<x.count {
          let height = x.height(tile)
          kernels.panelProduct(
            decoded.base, depth * laneCount, unit, x.tile(tile) + start * height, height, depth, 0,
            0, 1, y + x.starts[tile] * yStride, yStride)
        }
      }
    }
  }
}
