import CKernelSupport
import KernelTypes

extension Kernels {
  public static func decodePanels(
    _ panels: StoredPanels, depth: Int, ahead: Int, into target: UnsafeMutablePointer<Float>
  ) {
    for panel in 0..<panels.count {
      panels.storage.visit(
        PanelDecoding(
          panels: panels, panel: panel, depth: depth, ahead: ahead,
          target: target + panel &* depth &* laneCount))
    }
  }
}

private struct PanelDecoding: PanelFormatVisitor {
  let panels: StoredPanels
  let panel: Int
  let depth: Int
  let ahead: Int
  let target: UnsafeMutablePointer<Float>

  @inline(never)
  func visit<Format: PanelFormat>(_: Format.Type) {
    let codeOffset = Float(panels.storage.codeOffset)
    var (place, target) = (GroupPlace<Format>(panels, panel: panel), target)
    for _ in 0..<depth / Format.groupDepth {
      for line in stride(from: 0, to: Format.blockBytes / Format.groupsPerBlock, by: 64) {
        kernel_prefetch(place.address + (ahead &+ line))
      }
      @inline(__always) func decode(half: Int) {
        // Loaded once: after a store, which may alias them, they would be loaded again.
        let scales = Format.scales(
          place.block, group: place.group, half: half, codeOffset: codeOffset)
        for step in 0..<Format.stepsPerHalf {
          let weights = Format.signedWeights(
            place.block, group: place.group, half: half, scales, step, codeOffset: codeOffset)
          let target = target + (half &* Format.stepsPerHalf &+ step) &* 4 &* laneCount
          target.store(weights.first)
          (target + laneCount).store(weights.second)
          (target + 2 &* laneCount).store(weights.third)
          (target + 3 &* laneCount).store(weights.fourth)
        }
      }
      decode(half: 0)
      if Format.halves == 2 { decode(half: 1) }
      target += Format.groupDepth &* laneCount
      place.advance()
    }
  }
}
