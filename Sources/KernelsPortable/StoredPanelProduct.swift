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
    case 1: accumulate(Format.self, OneRow<Lanes>.self)
    case 2: accumulate(Format.self, TwoRows<Lanes>.self)
    case 3: accumulate(Format.self, ThreeRows<Lanes>.self)
    case 4: accumulate(Format.self, FourRows<Lanes>.self)
    // Left out where the registers do not suffice: each takes a while to compile.
    case 5 where Kernels.maximumStoredRows > 4: accumulate(Format.self, FiveRows<Lanes>.self)
    case 6 where Kernels.maximumStoredRows > 4: accumulate(Format.self, SixRows<Lanes>.self)
    case 7 where Kernels.maximumStoredRows > 4: accumulate(Format.self, SevenRows<Lanes>.self)
    default: if Kernels.maximumStoredRows > 4 { accumulate(Format.self, EightRows<Lanes>.self) }
    }
  }

  private func accumulate<Format: PanelFormat, Rows: RowAccumulators>(
    _: Format.Type, _: Rows.Type
  ) where Rows.Weights == Lanes {
    for panel in 0..<panels.count {
      let place = GroupPlace<Format>(panels, panel: panel)
      accumulatePanel(Rows.self, place, y.base + panel &* laneCount)
    }
  }

  /// The kernel of `panelProduct`, with the weights decoded four k's at a time.
  @inline(never)
  private func accumulatePanel<Format: PanelFormat, Rows: RowAccumulators>(
    _: Rows.Type, _ first: GroupPlace<Format>, _ y: UnsafeMutablePointer<Float>
  ) where Rows.Weights == Lanes {
    let codeOffset = Float(panels.storage.codeOffset)
    var (place, x) = (first, tile.base)
    var remaining = tile.depth
    while remaining > 0 {
      let depth = min(remaining, reductionBlock)
      var sums = Rows()
      for _ in 0..<depth / Format.groupDepth {
        let (block, group) = (place.block, place.group)
        @inline(__always) func add(half: Int) {
          let share = Format.blockBytes / Format.groupsPerBlock / Format.halves
          for line in stride(from: half &* share, to: (half &+ 1) &* share, by: 64) {
            kernel_prefetch(place.address + (prefetchDistance &+ line))
          }
          let scales = Format.scales(block, group: group, half: half, codeOffset: codeOffset)
          for step in 0..<Format.stepsPerHalf {
            let weights = Format.weights(block, group: group, half: half, scales, step)
            sums.addProduct(weights.first, x)
            sums.addProduct(weights.second, x + Rows.rows)
            sums.addProduct(weights.third, x + 2 &* Rows.rows)
            sums.addProduct(weights.fourth, x + 3 &* Rows.rows)
            x += 4 &* Rows.rows
          }
        }
        add(half: 0)
        if Format.halves == 2 { add(half: 1) }
        place.advance()
      }
      sums.add(to: y, stride: self.y.stride)
      remaining &-= depth
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
    block =
      panels.base + (panel &* panels.stride &+ first / Format.groupsPerBlock &* Format.blockBytes)
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
