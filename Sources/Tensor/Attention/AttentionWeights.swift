import KernelTypes

/// The weights of values in `attention`: `p = softmax_j(rule(q[t, h] · k_j))`, j over `visible[t]`.
///
/// The numerators and denominators are the bits that `attention` uses; it divides a row's weighted sum
/// once where this divides each weight, so that weights and outputs agree to rounding.
/// - Parameters:
///   - keys: number of slots in the result, the first ones; the others as in `attention`.
/// - Returns: `[tokens, heads * keys]`, slot by slot within a head, 0 for hidden keys.
/// - Precondition: the shapes fit, and no list has a slot from `keys` on. Source: arXiv:1706.03762.
public func attentionWeights(
  queries: Matrix, heads: Int, store: KeyValueStore, layer: Int, visible: [VisibleKeys], keys: Int,
  rule: ScoreRule? = nil, on executor: Executor
) -> Matrix {
  checkAttention(
    queries: queries, rows: queries.rows, heads: heads, store: store, visible: visible)
  precondition(
    visible.allSatisfy { $0.prefix <= keys && $0.others.allSatisfy { $0 < keys } },
    "a query sees a slot beyond the \(keys) of the result")
  let group = heads / store.kvHeads
  return Matrix(rows: queries.rows, columns: heads * keys) { output in
    output.update(repeating: 0, count: queries.rows * heads * keys)
    queries.withElements { elements in
      executor.pool.forEachRange(of: queries.rows * heads) { items in
        for item in items {
          let (token, head) = item.quotientAndRemainder(dividingBy: heads)
          let tile = AttentionTile(
            HeadPanels(
              store: store, layer: layer, kvHead: head / group, kernels: executor.kernels),
            heads: head..<head + 1, visible: [visible[token]], rule: rule)
          tile.writeWeights(
            queries: elements + token * queries.columns, keys: keys, to: output + item * keys)
        }
      }
    }
  }
}

extension AttentionTile {
  /// The weights of one query, `[keys]`.
  fileprivate func writeWeights(
    queries: UnsafePointer<Float>, keys: Int, to output: UnsafeMutablePointer<Float>
  ) {
    let list = visible[0]
    let scores = Scores(rows: 1, slots: list.slotCount)
    score(queries + heads.lowerBound * panels.store.headDim, into: scores)
    let numerators = scores.row(0)
    let denominator = normalise(numerators, list)
    for slot in 0..<list.prefix { output[slot] = numerators[slot] / denominator }
    for (index, slot) in list.others.enumerated() {
      output[slot] = numerators[list.prefix + index] / denominator
    }
  }
}
