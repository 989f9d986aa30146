import KernelTypes

/// The product of all rows with some of the panels: the work of one thread in a matrix product.
protocol PanelRangeProduct {
  var weights: WeightPanels { get }
  /// Rows of the result.
  var rows: Int { get }
  /// Result of the first row and the first output of `weights`.
  var y: Sums { get }
  /// Writes the products of some panels, which all fit the rows of `y`.
  func write(_ panels: Range<Int>, _ y: Sums)
}

extension PanelRangeProduct {
  func run(_ units: Range<Int>) {
    let end = min(units.upperBound * WeightPanels.unit, weights.panelCount)
    let panels = units.lowerBound * WeightPanels.unit..<end
    // Panels from here on reach beyond the last output.
    let padded =
      weights.storage == .float32
      ? weights.outputs / laneCount
      : weights.outputs / laneCount / WeightPanels.unit * WeightPanels.unit
    let whole = panels.clamped(to: 0..<max(padded, panels.lowerBound))
    if !whole.isEmpty { write(whole, y.advanced(panels: whole.lowerBound)) }
    if whole.upperBound < panels.upperBound { writePadded(max(whole.upperBound, padded)..<end) }
  }

  /// The sums of padded panels do not fit the rows of `y`: computed in a buffer and copied.
  private func writePadded(_ panels: Range<Int>) {
    let first = panels.lowerBound * laneCount
    let valid = weights.outputs - first
    let width = panels.count * laneCount
    let sums = FloatBuffer(uninitializedCount: rows * width)
    write(panels, Sums(sums.base, stride: width))
    for row in 0..<rows {
      (y.base + row * y.stride + first).update(from: sums.base + row * width, count: valid)
    }
  }
}

extension Sums {
  func advanced(rows: Int = 0, panels: Int = 0) -> Sums {
    Sums(base + rows * stride + panels * laneCount, stride: stride)
  }
}
