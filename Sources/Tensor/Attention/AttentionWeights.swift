import KernelTypes

/// What `attention` weighs values by: `p = softmax_j(q[t, h] · k_j / √headDim)`, j over `visible[t]`.
///
/// The numerators and denominators are the bits that `attention` uses; it divides a row's weighted sum
/// once where this divides each weight, so that weights and outputs agree to rounding.
/// - Parameters:
///   - queries: `[tokens, ≥ heads * headDim]`; head `h` starts at column `h * headDim`.
///   - heads: query heads; `heads / store.kvHeads` neighbouring ones share a kv head.
///   - visible: one list for each token, none empty, all slots within the store.
///   - keys: how many slots to tell of, the first ones.
/// - Returns: `[tokens, heads * keys]`, slot by slot within a head, 0 for what is not in the list.
/// - Precondition: the shapes fit, and no list has a slot from `keys` on. Source: arXiv:1706.03762.
public func attentionWeights(
  queries: Matrix, heads: Int, store: KeyValueStore, layer: Int, visible: [VisibleKeys], keys: Int,
  on executor: Executor
) -> Matrix {
  checkAttention(queries: queries, heads: heads, store: store, visible: visible)
  precondition(
    visible.allSatisfy { $0.prefix <= keys && $0.others.allSatisfy { $0 < keys } },
    "a query sees a slot beyond the \(keys) to tell of")
  let group = heads / store.kvHeads
  return Matrix(rows: queries.rows, columns: heads * keys) { output in
    output.update(repeating: 0, count: queries.rows * heads * keys)
    queries.withElements { elements in
      executor.pool.forEachRange(of: queries.rows * store.kvHeads) { items in
        for item in items {
          let (token, kvHead) = (item / store.kvHeads, item % store.kvHeads)
          let ofKVHead = kvHead * group..<(kvHead + 1) * group
          for first in stride(
            from: ofKVHead.lowerBound, to: ofKVHead.upperBound, by: executor.kernels.maximumTileRows
          ) {
            let last = min(first + executor.kernels.maximumTileRows, ofKVHead.upperBound)
            let tile = AttentionTile(
              store: store, layer: layer, kvHead: kvHead, heads: first..<last,
              visible: [visible[token]], kernels: executor.kernels)
            tile.writeWeights(
              queries: elements + token * queries.columns, keys: keys,
              to: output + (token * heads + first) * keys)
          }
        }
      }
    }
  }
}

extension AttentionTile {
  /// The weights of one token's queries, `[heads.count, keys]`.
  fileprivate func writeWeights(
    queries: UnsafePointer<Float>, keys: Int, to output: UnsafeMutablePointer<Float>
  ) {
    let list = visible[0]
    let slots = max(list.prefix, (list.others.max() ?? -1) + 1)
    let stride = (slots + laneCount - 1) / laneCount * laneCount
    let scores = FloatBuffer(count: heads.count * stride)
    score(
      queries + heads.lowerBound * store.headDim, into: scores.base, stride: stride, slots: slots)
    for row in 0..<heads.count {
      let numerators = scores.base + row * stride
      let denominator = normalise(numerators, list)
      let weights = output + row * keys
      for slot in 0..<list.prefix { weights[slot] = numerators[slot] / denominator }
      for (index, slot) in list.others.enumerated() {
        weights[slot] = numerators[list.prefix + index] / denominator
      }
    }
  }
}
