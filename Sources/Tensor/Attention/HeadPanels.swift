import KernelTypes

/// The keys and values of one layer and kv head of a store, for the float32 kernels.
///
/// Those of a float16 store are decoded first, some thousand numbers at a time, which stay in the
/// first-level cache: exactly, so that the sums are those of a float32 store with the rounded numbers.
struct HeadPanels {
  let store: KeyValueStore
  let layer: Int
  let kvHead: Int
  let kernels: any KernelSet.Type
  /// Decoded numbers; none are needed for float32.
  private let decoded: FloatBuffer

  init(store: KeyValueStore, layer: Int, kvHead: Int, kernels: any KernelSet.Type) {
    (self.store, self.layer, self.kvHead, self.kernels) = (store, layer, kvHead, kernels)
    // A block of values, or as many panels of a block as are decoded at a time.
    let panels = max(store.valuePanels, Self.panelsAtATime)
    decoded = FloatBuffer(
      uninitializedCount: store.format == .float32 ? 0 : panels * reductionBlock * laneCount)
  }

  /// Panels that a register tile takes at the most.
  private static var panelsAtATime: Int { 2 }

  /// `sums[row, slot] += Σ_d x[row, d] · key(slot)[d]` for the first `count` panels of 16 slots of a
  /// block.
  func addScores(block: Int, panels count: Int, _ x: RowTile, to sums: Sums) {
    addProduct(store.keyPanels(layer: layer, head: kvHead, block: block), count: count, x, to: sums)
  }

  /// `sums[row, d] += Σ_slot x[row, slot] · value(slot)[d]` over the slots of a whole block.
  func addValues(block: Int, _ x: RowTile, to sums: Sums) {
    let values = store.value(layer: layer, head: kvHead, slot: block * reductionBlock)
    addProduct(values, count: store.valuePanels, x, to: sums)
  }

  /// `sums[row, d] += Σ_j weights[row, j] · value(slots[j])[d]`, the end of lists whose lengths before
  /// were multiples of `reductionBlock`.
  /// - Parameter weights: `rows` rows, `stride` floats apart.
  func addValues(
    slots: [Int], weights: UnsafePointer<Float>, stride weightStride: Int, rows: Int, to sums: Sums
  ) {
    let width = store.valuePanels * laneCount
    for start in stride(from: 0, to: slots.count, by: reductionBlock) {
      let values = slots[start..<min(start + reductionBlock, slots.count)].enumerated().map {
        index, slot -> UnsafePointer<Float> in
        let value = store.value(layer: layer, head: kvHead, slot: slot)
        if store.format == .float32 { return value.assumingMemoryBound(to: Float.self) }
        let target = decoded.base + index * width
        kernels.decodeHalves(
          value, runs: store.valuePanels, stride: store.valuePanelStride, count: laneCount,
          into: target)
        return UnsafePointer(target)
      }
      values.withUnsafeBufferPointer { values in
        for row in 0..<rows {
          kernels.addWeightedValues(
            weights: weights + row * weightStride + start, values: values,
            panels: store.valuePanels,
            panelStride: store.format == .float32 ? store.valuePanelStride : laneCount,
            to: sums.base + row * sums.stride)
        }
      }
    }
  }

  /// The product with panels that follow each other, of as many k's as `x` has.
  private func addProduct(
    _ panels: UnsafeRawPointer, count: Int, _ x: RowTile, to sums: Sums
  ) {
    let stride = x.depth * laneCount
    guard store.format == .float16 else {
      return kernels.panelProduct(
        FloatPanels(panels.assumingMemoryBound(to: Float.self), stride: stride, count: count), x,
        addingTo: sums, Prefetch(ahead: Self.panelsAtATime * stride, part: 0, of: 1))
    }
    for first in Swift.stride(from: 0, to: count, by: Self.panelsAtATime) {
      let part = min(Self.panelsAtATime, count - first)
      kernels.decodeHalves(
        panels + first * stride * store.format.bytesPerNumber, runs: 1, stride: 0,
        count: part * stride, into: decoded.base)
      kernels.panelProduct(
        FloatPanels(decoded.base, stride: stride, count: part), x,
        addingTo: Sums(sums.base + first * laneCount, stride: sums.stride), .none)
    }
  }
}
