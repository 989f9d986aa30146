import CKernelSupport
import KernelTypes

extension Kernels {
  @inline(__always) public static var maximumStoredRows: Int { 4 }

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
    default: accumulate(Format.self, FourRows<TileWeights>.self)
    }
  }

  /// The kernel of `panelProduct`, with the weights of a group decoded four k's at a time.
  @inline(never)
  private func accumulate<Format: PanelFormat, Rows: RowAccumulators>(
    _: Format.Type, _: Rows.Type
  ) {
    let (stride, codeOffset) = (panels.stride, Float(panels.storage.codeOffset))
    let next = Rows.Weights.panels &* stride
    for panel in Swift.stride(from: 0, to: panels.count, by: Rows.Weights.panels) {
      var (place, x) = (GroupPlace<Format>(panels, panel: panel), tile.base)
      var remaining = tile.depth
      while remaining > 0 {
        let depth = min(remaining, reductionBlock)
        var sums = Rows()
        for _ in 0..<depth / Format.groupDepth {
          let (block, group) = (place.block, place.group)
          for panel in 0..<Rows.Weights.panels {
            for line in Swift.stride(from: 0, to: Format.blockBytes / Format.groupsPerBlock, by: 64) {
              kernel_prefetch(place.address + (next &+ panel &* stride &+ line))
            }
          }
          Format.forEachStep { step in
            let weights = Rows.Weights.decoded(
              Format.self, block, stride: stride, group: group, codeOffset: codeOffset, step: step)
            let x = x + step &* 4 &* Rows.rows
            sums.addProduct(weights.0, x)
            sums.addProduct(weights.1, x + Rows.rows)
            sums.addProduct(weights.2, x + 2 &* Rows.rows)
            sums.addProduct(weights.3, x + 3 &* Rows.rows)
          }
          x += Format.groupDepth &* Rows.rows
          place.advance()
        }
        sums.add(to: y.base + panel &* laneCount, stride: y.stride)
        remaining &-= depth
      }
    }
  }
}

/// A group of a panel: its block and its number in it.
struct GroupPlace<Format: PanelFormat> {
  private(set) var block: UnsafeRawPointer
  private(set) var group: Int

  /// The first group of a panel that is read.
  @inline(__always) init(_ panels: StoredPanels, panel: Int) {
    let first = panels.firstDepth / Format.groupDepth
    block = panels.base + (panel &* panels.stride &+ first / Format.groupsPerBlock &* Format.blockBytes)
    group = first % Format.groupsPerBlock
  }

  /// About where the group is, so that all groups of a block together touch all of it.
  @inline(__always) var address: UnsafeRawPointer {
    block + group &* (Format.blockBytes / Format.groupsPerBlock)
  }

  @inline(__always) mutating func advance() {
    group &+= 1
    if group == Format.groupsPerBlock {
      block += Format.blockBytes
      group = 0
    }
  }
}
