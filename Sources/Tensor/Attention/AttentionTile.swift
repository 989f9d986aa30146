import KernelTypes

/// Scores of some queries, then their softmax numerators: `[rows, slots]`, rows padded to whole panels.
struct Scores {
  let slots: Int
  let stride: Int
  let buffer: FloatBuffer

  init(rows: Int, slots: Int) {
    self.slots = slots
    stride = (slots + laneCount - 1) / laneCount * laneCount
    buffer = FloatBuffer(count: rows * stride)
  }

  func row(_ row: Int) -> UnsafeMutablePointer<Float> { buffer.base + row * stride }
}

/// Some tokens' queries of some heads that share one kv head, no more than a register tile has rows.
/// A row of the tile is one query; the queries of a token follow each other.
struct AttentionTile {
  let panels: HeadPanels
  let heads: Range<Int>
  let visible: [VisibleKeys]
  let rule: ScoreRule

  init(_ panels: HeadPanels, heads: Range<Int>, visible: [VisibleKeys], rule: ScoreRule?) {
    (self.panels, self.heads, self.visible) = (panels, heads, visible)
    self.rule = rule ?? .standard(headDim: panels.store.headDim)
  }

  private var kernels: any KernelSet.Type { panels.kernels }
  private var headDim: Int { panels.store.headDim }

  func attend(
    queries: UnsafePointer<Float>, stride: Int, to output: UnsafeMutablePointer<Float>, width: Int
  ) {
    let group = heads.count
    let rows = visible.count * group
    let scores = Scores(rows: rows, slots: visible.map(\.slotCount).max() ?? 0)
    let column = heads.lowerBound * headDim
    // The heads of a group are neighbours in a row of queries, as the queries of a token in a tile.
    let own = FloatBuffer(uninitializedCount: rows * headDim)
    for token in visible.indices {
      (own.base + token * group * headDim).update(
        from: queries + token * stride + column, count: group * headDim)
    }
    score(own.base, into: scores)
    let denominators = (0..<rows).map { normalise(scores.row($0), visible[$0 / group]) }
    let padded = panels.store.valuePanels * laneCount
    let sums = FloatBuffer(count: rows * padded)
    sumValues(weights: scores, into: Sums(sums.base, stride: padded))
    for row in 0..<rows {
      let target = output + (row / group * width + column + row % group * headDim)
      for d in 0..<headDim { target[d] = sums.base[row * padded + d] / denominators[row] }
    }
  }

  /// `scores[row, slot] = q[row] · k[slot]` for every slot that some query sees, and those between;
  /// queries are `[rows, headDim]`.
  func score(_ queries: UnsafePointer<Float>, into scores: Scores) {
    let rows = visible.count * heads.count
    let packed = FloatBuffer(uninitializedCount: rows * headDim)
    kernels.packRows(queries, stride: headDim, rows: rows, depth: headDim, into: packed.base)
    for start in stride(from: firstBlock * reductionBlock, to: scores.slots, by: reductionBlock) {
      panels.addScores(
        block: start / reductionBlock,
        panels: (min(reductionBlock, scores.slots - start) + laneCount - 1) / laneCount,
        RowTile(packed.base, rows: rows, depth: headDim),
        to: Sums(scores.buffer.base + start, stride: scores.stride))
    }
  }

  /// The first block that some query sees: of a window over a long text not the store's first.
  private var firstBlock: Int {
    (visible.map(\.firstSlot).min() ?? 0) / reductionBlock
  }

  /// Turns one query's scores of all slots into the softmax numerators of its visible keys, in the
  /// order of its list; returns the denominator.
  func normalise(_ scores: UnsafeMutablePointer<Float>, _ keys: VisibleKeys) -> Float {
    // Read before written: the list's end may overlap the slots it is taken from.
    let others = keys.others.map { scores[$0] }
    for (index, score) in others.enumerated() { scores[keys.prefix + index] = score }
    for index in 0..<keys.count { scores[index] *= rule.scale }
    if let cap = rule.cap { kernels.softCap(scores, cap: cap, count: keys.count) }
    return kernels.exponentiate(scores, count: keys.count)
  }

  /// Adds up the values: whole blocks of the prefix that all queries share as matrix products, the
  /// rest of each list query by query.
  private func sumValues(weights: Scores, into sums: Sums) {
    let group = heads.count
    let rows = visible.count * group
    let sharedBlocks = (visible.map(\.prefix).min() ?? 0) / reductionBlock
    let packed = FloatBuffer(uninitializedCount: rows * reductionBlock)
    for block in 0..<sharedBlocks {
      kernels.packRows(
        weights.buffer.base + block * reductionBlock, stride: weights.stride, rows: rows,
        depth: reductionBlock, into: packed.base)
      panels.addValues(
        block: block, RowTile(packed.base, rows: rows, depth: reductionBlock), to: sums)
    }
    let start = sharedBlocks * reductionBlock
    for (token, keys) in visible.enumerated() {
      let row = token * group
      panels.addValues(
        slots: Array(start..<keys.prefix) + keys.others, weights: weights.row(row) + start,
        stride: weights.stride, rows: group,
        to: Sums(sums.base + row * sums.stride, stride: sums.stride))
    }
  }
}
