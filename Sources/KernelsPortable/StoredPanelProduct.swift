import CKernelSupport

/// `panelProduct` for panels of a compact storage: the weights are decoded in registers, to the same
/// `Float`s as those of a float32 copy, and enter the same chains.
///
/// For few rows only: beyond `maximumStoredRows`, decoding once for all rows (`decodePanels`) costs
/// less than decoding for each tile of them.
/// - Parameters:
///   - storage: raw value of the `PanelStorage`, not `float32`.
///   - panels: packed weights, panels `panelStride` bytes apart, their number even.
///   - rows: `1 ... maximumStoredRows`.
///   - depth: a multiple of the storage's group depth.
public func storedPanelProduct(
  storage: Int, panels: UnsafeRawPointer, panelStride: Int, panelCount: Int,
  x: UnsafePointer<Float>, rows: Int, depth: Int,
  y: UnsafeMutablePointer<Float>, yStride: Int
) {
  let product = StoredProduct(
    panels: panels, panelStride: panelStride, panelCount: panelCount, x: x, rows: rows,
    depth: depth, y: y, yStride: yStride)
  _ = PanelStorage(rawValue: storage)?.visit(product)
}

private struct StoredProduct: PanelFormatVisitor {
  let panels: UnsafeRawPointer
  let panelStride: Int
  let panelCount: Int
  let x: UnsafePointer<Float>
  let rows: Int
  let depth: Int
  let y: UnsafeMutablePointer<Float>
  let yStride: Int

  func visit<Format: PanelFormat>(_: Format.Type) {
    switch rows {
    case 1: accumulate(Format.self, OneRow<TileWeights>.self)
    case 2: accumulate(Format.self, TwoRows<TileWeights>.self)
    case 3: accumulate(Format.self, ThreeRows<TileWeights>.self)
    case 4: accumulate(Format.self, FourRows<TileWeights>.self)
    // Left out where the registers do not suffice: each costs seconds to compile.
    case 5 where maximumStoredRows > 4: accumulate(Format.self, FiveRows<TileWeights>.self)
    case 6 where maximumStoredRows > 4: accumulate(Format.self, SixRows<TileWeights>.self)
    case 7 where maximumStoredRows > 4: accumulate(Format.self, SevenRows<TileWeights>.self)
    default:
      if maximumStoredRows > 4 { accumulate(Format.self, EightRows<TileWeights>.self) }
    }
  }

  /// The kernel of `panelProduct`, with the weights of a group decoded two k's at a time.
  @inline(never)
  private func accumulate<Format: PanelFormat, Rows: RowAccumulators>(
    _: Format.Type, _: Rows.Type
  ) {
    let stride = panelStride
    let next = Rows.Weights.panels &* stride
    for panel in Swift.stride(from: 0, to: panelCount, by: Rows.Weights.panels) {
      var (group, x) = (panels + panel &* stride, self.x)
      var remaining = depth
      while remaining > 0 {
        let block = min(remaining, reductionBlock)
        var sums = Rows()
        for _ in 0..<block / Format.groupDepth {
          for panel in 0..<Rows.Weights.panels {
            for line in Swift.stride(from: 0, to: Format.groupBytes, by: 64) {
              kernel_prefetch(group + (next &+ panel &* stride &+ line))
            }
          }
          for pair in 0..<Format.groupDepth / 2 {
            let weights = Rows.Weights.decoded(Format.self, group, stride: stride, pair: pair)
            sums.addProduct(weights.even, x)
            sums.addProduct(weights.odd, x + Rows.rows)
            x += 2 &* Rows.rows
          }
          group += Format.groupBytes
        }
        sums.add(to: y + panel &* laneCount, stride: yStride)
        remaining &-= block
      }
    }
  }
}
