import CKernelSupport
import KernelTypes

extension IntegerKernels {
  public static func product(_ panels: StoredPanels, _ x: IntegerTile, into y: Sums) {
    panels.storage.visitBlocks(IntegerProduct(panels: panels, x: x, y: y))
  }
}

private struct IntegerProduct: BlockFormatVisitor {
  let panels: StoredPanels
  let x: IntegerTile
  let y: Sums

  @inline(__always)
  func visit<C: PanelCodes, S: PanelScales>(_: BlockPanels<C, S>.Type) {
    if x.planes == 1 {
      visit(Terms<C, S, OnePlane>.self)
    } else {
      visit(Terms<C, S, TwoPlanes>.self)
    }
  }

  /// Picks the tile of the right height. Those that the registers do not suffice for are left out: each
  /// takes a while to compile.
  @inline(__always) private func visit<T: IntegerTerms>(_: T.Type) {
    switch x.rows {
    case 1: accumulate(OneIntegerRow<T>.self)
    case 2: accumulate(TwoIntegerRows<T>.self)
    case 3: accumulate(ThreeIntegerRows<T>.self)
    case 4: accumulate(FourIntegerRows<T>.self)
    case 5 where IntegerKernels.maximumTileRows > 4: accumulate(FiveIntegerRows<T>.self)
    case 6 where IntegerKernels.maximumTileRows > 4: accumulate(SixIntegerRows<T>.self)
    case 7 where IntegerKernels.maximumTileRows > 4: accumulate(SevenIntegerRows<T>.self)
    default: if IntegerKernels.maximumTileRows > 4 { accumulate(EightIntegerRows<T>.self) }
    }
  }

  private func accumulate<Rows: IntegerRows>(_: Rows.Type) {
    for panel in 0..<panels.count {
      accumulatePanel(
        Rows.self, panels.base + panel &* panels.stride, x,
        Sums(y.base + panel &* laneCount, stride: y.stride))
    }
  }
}

/// The kernel: everything above only chooses its shape.
@inline(never)
private func accumulatePanel<Rows: IntegerRows>(
  _: Rows.Type, _ panel: UnsafeRawPointer, _ tile: IntegerTile, _ y: Sums
) {
  typealias Codes = Rows.Terms.Codes
  typealias Scales = Rows.Terms.Scales
  let form = Scales.form
  let blockBytes = form.blockBytes(Codes.form)
  let isFine = form.scalesPerGroup == 2
  var (block, x) = (panel, tile.base)
  var rows = Rows()
  var remaining = tile.groups
  while remaining > 0 {
    let scales = Scales(block)
    for group in 0..<min(remaining, form.groupsPerBlock) {
      let codes = block + (form.headerBytes &+ group &* Codes.form.byteCount)
      let share = blockBytes / form.groupsPerBlock
      let wanted = block + (prefetchDistance &+ group &* share)
      /// One step, and the prefetch of some lines: all at once they would fill the core's buffers.
      @inline(__always) func add(_ step: Int) {
        for line in stride(from: step &* 64, to: share, by: 512) { kernel_prefetch(wanted + line) }
        rows.addCodes(Codes.codes(codes, half: step / 4, step & 3), x, step: step)
      }
      @inline(__always) func end(_ half: Int) {
        rows.end(
          x, sum: half, scale: scales.scale(block, group: group, half: half),
          offset: scales.offset(block, group: group, half: half))
      }
      rows.begin(x, sum: 0)
      add(0)
      add(1)
      add(2)
      add(3)
      if isFine {
        end(0)
        rows.begin(x, sum: 1)
      }
      add(4)
      add(5)
      add(6)
      add(7)
      end(isFine ? 1 : 0)
      x += Rows.rows &* Rows.Terms.recordWords
    }
    block += blockBytes
    remaining &-= form.groupsPerBlock
  }
  rows.store(y.base, stride: y.stride)
}
