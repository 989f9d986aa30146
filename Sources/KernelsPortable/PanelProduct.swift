import CKernelSupport
import KernelTypes

extension Kernels {
  public static func panelProduct(
    _ panels: FloatPanels, _ x: RowTile, addingTo y: Sums, _ prefetch: Prefetch
  ) {
    let steps = PrefetchSteps(prefetch, depth: x.depth)
    var panel = 0
    while panel &+ TileWeights.panels <= panels.count {
      tile(TileWeights.self, panels, panel, x, steps, y)
      panel &+= TileWeights.panels
    }
    while panel < panels.count {
      tile(Lanes.self, panels, panel, x, steps, y)
      panel &+= 1
    }
  }
}

/// Addresses that are prefetched while a tile is computed.
private struct PrefetchSteps {
  /// Floats from the first weight of the tile to the first that is prefetched.
  let start: Int
  /// Floats of each panel that are prefetched for each k.
  let step: Int

  @inline(__always) init(_ prefetch: Prefetch, depth: Int) {
    step = prefetch.ahead == 0 ? 0 : (laneCount &+ prefetch.parts &- 1) / prefetch.parts
    start = prefetch.ahead &+ prefetch.part &* step &* depth
  }
}

/// Picks the tile of the right height. The cases a tile shape has no registers for are never
/// reached: there are at most `maximumTileRows` rows.
@inline(__always)
private func tile<W: PanelWeights>(
  _: W.Type, _ panels: FloatPanels, _ index: Int, _ x: RowTile, _ steps: PrefetchSteps, _ y: Sums
) {
  let panel = panels.base + index &* panels.stride
  let sums = Sums(y.base + index &* laneCount, stride: y.stride)
  switch x.rows {
  case 1: accumulate(OneRow<W>.self, panel, panels.stride, x, steps, sums)
  case 2: accumulate(TwoRows<W>.self, panel, panels.stride, x, steps, sums)
  case 3: accumulate(ThreeRows<W>.self, panel, panels.stride, x, steps, sums)
  case 4: accumulate(FourRows<W>.self, panel, panels.stride, x, steps, sums)
  case 5: accumulate(FiveRows<W>.self, panel, panels.stride, x, steps, sums)
  case 6: accumulate(SixRows<W>.self, panel, panels.stride, x, steps, sums)
  case 7: accumulate(SevenRows<W>.self, panel, panels.stride, x, steps, sums)
  case 8: accumulate(EightRows<W>.self, panel, panels.stride, x, steps, sums)
  case 9: accumulate(NineRows<W>.self, panel, panels.stride, x, steps, sums)
  case 10: accumulate(TenRows<W>.self, panel, panels.stride, x, steps, sums)
  case 11: accumulate(ElevenRows<W>.self, panel, panels.stride, x, steps, sums)
  default: accumulate(TwelveRows<W>.self, panel, panels.stride, x, steps, sums)
  }
}

/// The kernel: everything above only chooses its shape.
@inline(never)
private func accumulate<Rows: RowAccumulators>(
  _: Rows.Type, _ panel: UnsafePointer<Float>, _ panelStride: Int, _ tile: RowTile,
  _ steps: PrefetchSteps, _ y: Sums
) {
  var (w, x) = (panel, tile.base)
  var wanted = panel + steps.start
  var remaining = tile.depth
  while remaining > 0 {
    let block = min(remaining, reductionBlock)
    var sums = Rows()
    for _ in 0..<block {
      for panel in 0..<Rows.Weights.panels { kernel_prefetch_l2(wanted + panel &* panelStride) }
      wanted += steps.step
      sums.addProduct(Rows.Weights(w, stride: panelStride), x)
      w += laneCount
      x += Rows.rows
    }
    sums.add(to: y.base, stride: y.stride)
    remaining &-= block
  }
}
