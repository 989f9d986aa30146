import CKernelSupport

/// Decodes some k's of some panels of a compact storage to float32 panels, `[panelCount][depth][16]`.
///
/// - Parameters:
///   - storage: raw value of the `PanelStorage`, not `float32`.
///   - panels: the group of the first k in the first panel; panels are `panelStride` bytes apart.
///   - depth: a multiple of the storage's group depth.
///   - ahead: bytes ahead of what is read that will be wanted soon, such as the next panels.
public func decodePanels(
  storage: Int, panels: UnsafeRawPointer, panelStride: Int, panelCount: Int, depth: Int,
  ahead: Int, into target: UnsafeMutablePointer<Float>
) {
  for panel in 0..<panelCount {
    let decoding = PanelDecoding(
      panel: panels + panel &* panelStride, depth: depth, ahead: ahead,
      target: target + panel &* depth &* laneCount)
    _ = PanelStorage(rawValue: storage)?.visit(decoding)
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
