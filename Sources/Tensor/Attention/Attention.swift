import Files
import KernelTypes

/// The keys that one query attends to, in the order in which they enter its sums.
public struct VisibleKeys: Equatable, Sendable {
  /// Slots `0 ..< prefix` come first.
  public var prefix: Int
  /// Then these slots, in this order.
  public var others: [Int]

  public init(prefix: Int, others: [Int]) {
    self.prefix = prefix
    self.others = others
  }

  /// One more than the largest slot.
  var slotCount: Int { max(prefix, (others.max() ?? -1) + 1) }

  public var slots: [Int] { Array(0..<prefix) + others }

  public var count: Int { prefix + others.count }
}

/// Grouped-query attention of some queries over the keys each of them sees:
/// `out[t, h] = Σ_j p_j · v_j`, `p = softmax_j(q[t, h] · k_j / √headDim)`, j over `visible[t]`.
///
/// A key that is not in the list of a query never enters a sum of it. Row `t` depends on its query
/// and the listed keys and values alone, bit for bit.
/// - Parameters:
///   - queries: `[tokens, ≥ heads * headDim]`; head `h` starts at column `h * headDim`.
///   - heads: query heads; `heads / store.kvHeads` neighbouring ones share a kv head.
///   - visible: one list for each token, none empty, all slots within the store.
/// - Returns: `[tokens, heads * headDim]`.
/// - Precondition: the shapes fit. Source: arXiv:1706.03762, arXiv:2305.13245.
public func attention(
  queries: Matrix, heads: Int, store: KeyValueStore, layer: Int, visible: [VisibleKeys],
  on executor: Executor
) -> Matrix {
  let width = heads * store.headDim
  checkAttention(queries: queries, heads: heads, store: store, visible: visible)
  let group = heads / store.kvHeads
  // No tile has more rows than a register tile, so that scores take little memory.
  let headsPerTile = min(group, executor.kernels.maximumTileRows)
  let headTiles = (group + headsPerTile - 1) / headsPerTile
  let tokensPerTile = executor.kernels.maximumTileRows / headsPerTile
  let tiles = (queries.rows + tokensPerTile - 1) / tokensPerTile
  return Matrix(rows: queries.rows, columns: width) { output in
    queries.withElements { elements in
      executor.pool.forEachRange(of: tiles * store.kvHeads * headTiles) { items in
        for item in items {
          let first = item % tiles * tokensPerTile
          let tokens = first..<min(first + tokensPerTile, queries.rows)
          let (kvHead, part) = (item / tiles).quotientAndRemainder(dividingBy: headTiles)
          let firstHead = kvHead * group + part * headsPerTile
          let tile = AttentionTile(
            store: store, layer: layer, kvHead: kvHead,
            heads: firstHead..<min(firstHead + headsPerTile, (kvHead + 1) * group),
            visible: Array(visible[tokens]), kernels: executor.kernels)
          tile.attend(
            queries: elements + tokens.lowerBound * queries.columns, stride: queries.columns,
            to: output + tokens.lowerBound * width, width: width)
        }
      }
    }
  }
}

func checkAttention(
  queries: Matrix, heads: Int, store: KeyValueStore, visible: [VisibleKeys]
) {
  let width = heads * store.headDim
  precondition(heads.isMultiple(of: store.kvHeads), "\(heads) heads over \(store.kvHeads) kv heads")
  precondition(
    visible.count == queries.rows && width <= queries.columns,
    "\(visible.count) lists for queries [\(queries.rows), \(queries.columns)]")
  for keys in visible {
    precondition(
      keys.count > 0 && keys.prefix <= store.capacity
        && keys.others.allSatisfy { $0 >= keys.prefix && $0 < store.capacity }
        && keys.count <= keys.slotCount,
      "a query must see at least one slot, each once and within the store")
  }
}

extension Executor {
  /// Bytes that `attention` allocates beside its result: a score for each slot and row of a tile, in
  /// each thread; `Int.max` on overflow.
  public func attentionScoreBytes(slots: Int) -> Int {
    let perSlot = threadCount * kernels.maximumTileRows * MemoryLayout<Float>.stride
    return slots.times(perSlot)
  }
}

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
  let store: KeyValueStore
  let layer: Int
  let kvHead: Int
  let heads: Range<Int>
  let visible: [VisibleKeys]
  let kernels: any KernelSet.Type

  func attend(
    queries: UnsafePointer<Float>, stride: Int, to output: UnsafeMutablePointer<Float>, width: Int
  ) {
    let group = heads.count
    let rows = visible.count * group
    let scores = Scores(rows: rows, slots: visible.map(\.slotCount).max() ?? 0)
    let headDim = store.headDim
    let column = heads.lowerBound * headDim
    // The heads of a group are neighbours in a row of queries, as the queries of a token in a tile.
    let own = FloatBuffer(uninitializedCount: rows * headDim)
    for token in visible.indices {
      (own.base + token * group * headDim).update(
        from: queries + token * stride + column, count: group * headDim)
    }
    score(own.base, into: scores)
    let denominators = (0..<rows).map { normalise(scores.row($0), visible[$0 / group]) }
    let padded = store.valuePanels * laneCount
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
    let (headDim, rows) = (store.headDim, visible.count * heads.count)
    let packed = FloatBuffer(uninitializedCount: rows * headDim)
    kernels.packRows(queries, stride: headDim, rows: rows, depth: headDim, into: packed.base)
    for start in stride(from: 0, to: scores.slots, by: reductionBlock) {
      let panels = FloatPanels(
        store.keyPanels(layer: layer, head: kvHead, block: start / reductionBlock),
        stride: headDim * laneCount,
        count: (min(reductionBlock, scores.slots - start) + laneCount - 1) / laneCount)
      kernels.panelProduct(
        panels, RowTile(packed.base, rows: rows, depth: headDim),
        addingTo: Sums(scores.buffer.base + start, stride: scores.stride),
        Prefetch(ahead: WeightPanels.unit * panels.stride, part: 0, of: 1))
    }
  }

  /// Turns one query's scores of all slots into the softmax numerators of its visible keys, in the
  /// order of its list; returns the denominator.
  func normalise(_ scores: UnsafeMutablePointer<Float>, _ keys: VisibleKeys) -> Float {
    // Read before written: the list's end may overlap the slots it is taken from.
    let others = keys.others.map { scores[$0] }
    for (index, score) in others.enumerated() { scores[keys.prefix + index] = score }
    let scale = 1 / Float(store.headDim).squareRoot()
    for index in 0..<keys.count { scores[index] *= scale }
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
      let panels = FloatPanels(
        store.value(layer: layer, head: kvHead, slot: block * reductionBlock),
        stride: store.valuePanelStride, count: store.valuePanels)
      kernels.panelProduct(
        panels, RowTile(packed.base, rows: rows, depth: reductionBlock),
        addingTo: sums,
        Prefetch(ahead: WeightPanels.unit * panels.stride, part: 0, of: 1))
    }
    let start = sharedBlocks * reductionBlock
    for (token, keys) in visible.enumerated() {
      let values = (Array(start..<keys.prefix) + keys.others).map {
        store.value(layer: layer, head: kvHead, slot: $0)
      }
      values.withUnsafeBufferPointer { values in
        for row in token * group..<(token + 1) * group {
          kernels.addWeightedValues(
            weights: weights.row(row) + start, values: values, panels: store.valuePanels,
            panelStride: store.valuePanelStride, to: sums.base + row * sums.stride)
        }
      }
    }
  }
}
