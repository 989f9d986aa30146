import CKernelSupport

/// `y[row, feature] += Σ_k x[row, k] · w[feature, k]` for one tile of rows and `panelCount` panels.
///
/// The order of every sum is that of docs/numerics.md, whatever the tile, the panel and the thread:
/// within a block of `reductionBlock` k's one fused chain, k ascending, from zero; then block after
/// block is added to `y`, which the caller has set to zero (or to what the sum shall start from).
///
/// - Parameters:
///   - panels: packed weights, `[panelCount][depth][laneCount]`, panels `panelStride` floats apart.
///   - x: one packed row tile, `[depth][rows]`.
///   - rows: `1 ... maximumTileRows`.
///   - ahead: floats from a panel to the one that is wanted in its place next; 0 where nothing is to
///     be fetched.
///   - part: which of `parts` equal parts of what is wanted next this call fetches: one part while it
///     takes each row tile past the panels, so that memory is at work all the time.
///   - y: sums, row after row `yStride` floats apart, `panelCount * laneCount` of each written.
public func panelProduct(
  panels: UnsafePointer<Float>, panelStride: Int, panelCount: Int,
  x: UnsafePointer<Float>, rows: Int, depth: Int, ahead: Int, part: Int, parts: Int,
  y: UnsafeMutablePointer<Float>, yStride: Int
) {
  var panel = 0
  while panel &+ TileWeights.panels <= panelCount {
    tile(
      TileWeights.self, panels + panel &* panelStride, panelStride, x, rows, depth,
      Prefetch(ahead, depth, part, parts), y + panel &* laneCount, yStride)
    panel &+= TileWeights.panels
  }
  while panel < panelCount {
    tile(
      OnePanel.self, panels + panel &* panelStride, panelStride, x, rows, depth,
      Prefetch(ahead, depth, part, parts), y + panel &* laneCount, yStride)
    panel &+= 1
  }
}

/// What is fetched from memory while a tile is computed.
private struct Prefetch {
  /// Floats from the first weight of the tile to the first that is fetched.
  let start: Int
  /// Floats of each panel that are fetched for each k.
  let step: Int

  @inline(__always) init(_ ahead: Int, _ depth: Int, _ part: Int, _ parts: Int) {
    step = ahead == 0 ? 0 : (laneCount &+ parts &- 1) / parts
    start = ahead &+ part &* step &* depth
  }
}

/// Picks the tile of the right height. The cases a tile shape has no registers for are never
/// reached: `rows` is at most `maximumTileRows`.
@inline(__always)
private func tile<W: PanelWeights>(
  _: W.Type, _ panel: UnsafePointer<Float>, _ panelStride: Int, _ x: UnsafePointer<Float>,
  _ rows: Int, _ depth: Int, _ fetch: Prefetch, _ y: UnsafeMutablePointer<Float>, _ yStride: Int
) {
  switch rows {
  case 1: accumulate(OneRow<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 2: accumulate(TwoRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 3: accumulate(ThreeRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 4: accumulate(FourRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 5: accumulate(FiveRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 6: accumulate(SixRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 7: accumulate(SevenRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 8: accumulate(EightRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 9: accumulate(NineRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 10: accumulate(TenRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  case 11: accumulate(ElevenRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  default: accumulate(TwelveRows<W>.self, panel, panelStride, x, depth, fetch, y, yStride)
  }
}

/// The kernel: everything above only chooses its shape.
@inline(never)
private func accumulate<Rows: RowAccumulators>(
  _: Rows.Type, _ panel: UnsafePointer<Float>, _ panelStride: Int, _ x: UnsafePointer<Float>,
  _ depth: Int, _ fetch: Prefetch, _ y: UnsafeMutablePointer<Float>, _ yStride: Int
) {
  var (w, x) = (panel, x)
  var wanted = panel + fetch.start
  var remaining = depth
  while remaining > 0 {
    let block = min(remaining, reductionBlock)
    var sums = Rows()
    for _ in 0..<block {
      for panel in 0..<Rows.Weights.panels { kernel_prefetch_l2(wanted + panel &* panelStride) }
      wanted += fetch.step
      sums.addProduct(Rows.Weights(w, stride: panelStride), x)
      w += laneCount
      x += Rows.rows
    }
    sums.add(to: y, stride: yStride)
    remaining &-= block
  }
}
