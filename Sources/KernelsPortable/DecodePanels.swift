import CKernelSupport
import KernelTypes

extension Kernels {
  public static func decodePanels(
    _ panels: StoredPanels, depth: Int, ahead: Int, into target: UnsafeMutablePointer<Float>
  ) {
    for panel in 0..<panels.count {
      panels.storage.visit(
        PanelDecoding(
          panel: panels.base + panel &* panels.stride, depth: depth, ahead: ahead,
          target: target + panel &* depth &* laneCount))
    }
  }
}

private struct PanelDecoding: PanelFormatVisitor {
  let panel: UnsafeRawPointer
  let depth: Int
  let ahead: Int
  let target: UnsafeMutablePointer<Float>

  @inline(never)
  func visit<Format: PanelFormat>(_: Format.Type) {
    var (group, target) = (panel, target)
    for _ in 0..<depth / Format.groupDepth {
      for line in stride(from: 0, to: Format.groupBytes, by: 64) {
        kernel_prefetch(group + (ahead &+ line))
      }
      let scales = Format.scales(group)
      for pair in 0..<Format.groupDepth / 2 {
        let weights = Format.weights(group, scales, pair: pair)
        target.store(weights.even)
        (target + laneCount).store(weights.odd)
        target += 2 &* laneCount
      }
      group += Format.groupBytes
    }
  }
}
