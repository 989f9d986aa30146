import CKernelSupport
import KernelTypes

extension Kernels {
  public static func storedPanelProduct(
    _ panels: StoredPanels, _ x: RowTile, addingTo y: Sums
  ) {
    panels.storage.visit(StoredProduct(panels: panels, tile: x, y: y))
  }
}

private struct StoredProduct: PanelFormatVisitor {
  let panels: StoredPanels
  let tile: RowTile
  let y: Sums

  func visit<Format: PanelFormat>(_: Format.Type) {
    switch tile.rows {
    case 1: accumulate(Format.self, OneRow<TileWeights>.self)
    case 2: accumulate(Format.self, TwoRows<TileWeights>.self)
    case 3: accumulate(Format.self, ThreeRows<TileWeights>.self)
    case 4: accumulate(Format.self, FourRows<TileWeights>.self)
    // Left out where the registers do not suffice: each costs seconds to compile.
    case 5 where Kernels.maximumStoredRows > 4:
      accumulate(Format.self, FiveRows<TileWeights>.self)
    case 6 where Kernels.maximumStoredRows > 4: accumulate(Format.self, SixRows<TileWeights>.self)
    case 7 where Kernels.maximumStoredRows > 4:
      accumulate(Format.self, SevenRows<TileWeights>.self)
    default:
      if Kernels.maximumStoredRows > 4 { accumulate(Format.self, EightRows<TileWeights>.self) }
    }
  }

  /// The kernel of `panelProduct`, with the weights of a group decoded two k's at a time.
  @inline(never)
  private func accumulate<Format: PanelFormat, Rows: RowAccumulators>(
    _: Format.Type, _: Rows.Type
  ) {
    let stride = panels.stride
    let next = Rows.Weights.panels &* stride
    for panel in Swift.stride(from: 0, to: panels.count, by: Rows.Weights.panels) {
      var (group, x) = (panels.base + panel &* stride, tile.base)
      var remaining = tile.depth
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
        sums.add(to: y.base + panel &* laneCount, stride: y.stride)
        remaining &-= block
      }
    }
  }
}
