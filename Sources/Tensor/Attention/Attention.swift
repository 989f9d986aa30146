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

  /// The smallest slot.
  var firstSlot: Int { prefix > 0 ? 0 : others.min() ?? 0 }

  public var slots: [Int] { Array(0..<prefix) + others }

  public var count: Int { prefix + others.count }
}

/// How the scores of attention enter the softmax: `q · k · scale`, then, where there is a cap,
/// `cap · tanh(score / cap)`.
public struct ScoreRule: Equatable, Sendable {
  public let scale: Float
  public let cap: Float?

  public init(scale: Float, cap: Float? = nil) {
    self.scale = scale
    self.cap = cap
  }

  /// `1 / √headDim`. Source: arXiv:1706.03762.
  public static func standard(headDim: Int) -> ScoreRule {
    ScoreRule(scale: 1 / Float(headDim).squareRoot())
  }
}

/// Grouped-query attention of some queries over the keys each of them sees:
/// `out[t, h] = Σ_j p_j · v_j`, `p = softmax_j(rule(q[t, h] · k_j))`, j over `visible[t]`.
///
/// A key that is not in the list of a query never enters a sum of it. Row `t` depends on its query
/// and the listed keys and values alone, bit for bit.
/// - Parameters:
///   - queries: `[tokens, ≥ heads * headDim]`; head `h` starts at column `h * headDim`.
///   - heads: query heads; `heads / store.kvHeads` neighbouring ones share a kv head.
///   - visible: one list for each token, none empty, all slots within the store.
///   - rule: `ScoreRule.standard` if it is not given.
/// - Returns: `[tokens, heads * headDim]`.
/// - Precondition: the shapes fit. Source: arXiv:1706.03762, arXiv:2305.13245.
public func attention(
  queries: Matrix, heads: Int, store: KeyValueStore, layer: Int, visible: [VisibleKeys],
  rule: ScoreRule? = nil, on executor: Executor
) -> Matrix {
  let text = AttendingRows(rows: 0..<queries.rows, store: store, visible: visible)
  return attention(
    queries: queries, heads: heads, texts: [text], layer: layer, rule: rule, on: executor)
}

/// Some rows of a pass, and the store that they attend to.
public struct AttendingRows {
  let rows: Range<Int>
  let store: KeyValueStore
  /// One list for each row.
  let visible: [VisibleKeys]

  public init(rows: Range<Int>, store: KeyValueStore, visible: [VisibleKeys]) {
    self.rows = rows
    self.store = store
    self.visible = visible
  }
}

/// `attention` of the rows of several texts, each over its own store; the bits of each are those of a
/// call for it alone.
/// - Precondition: the texts' rows are all rows of `queries`, one text's behind the other's, and their
///   stores are of one shape.
public func attention(
  queries: Matrix, heads: Int, texts: [AttendingRows], layer: Int, rule: ScoreRule? = nil,
  on executor: Executor
) -> Matrix {
  guard let store = texts.first?.store else { return queries }
  let width = heads * store.headDim
  for text in texts {
    precondition(
      text.store.kvHeads == store.kvHeads && text.store.headDim == store.headDim
        && text.rows.upperBound <= queries.rows,
      "rows \(text.rows) of \(queries.rows)")
    checkAttention(
      queries: queries, rows: text.rows.count, heads: heads, store: text.store,
      visible: text.visible)
  }
  let group = heads / store.kvHeads
  // No tile has more rows than a register tile, so that scores take little memory.
  let headsPerTile = min(group, executor.kernels.maximumTileRows)
  let headTiles = (group + headsPerTile - 1) / headsPerTile
  let tokensPerTile = executor.kernels.maximumTileRows / headsPerTile
  let tiles = texts.enumerated().flatMap { index, text in
    stride(from: text.rows.lowerBound, to: text.rows.upperBound, by: tokensPerTile).map {
      (text: index, rows: $0..<min($0 + tokensPerTile, text.rows.upperBound))
    }
  }
  return Matrix(rows: queries.rows, columns: width) { output in
    queries.withElements { elements in
      executor.pool.forEachRange(of: tiles.count * store.kvHeads * headTiles) { items in
        for item in items {
          let (place, rows) = tiles[item % tiles.count]
          let text = texts[place]
          let (kvHead, part) = (item / tiles.count).quotientAndRemainder(dividingBy: headTiles)
          let firstHead = kvHead * group + part * headsPerTile
          let first = text.rows.lowerBound
          let tile = AttentionTile(
            HeadPanels(
              store: text.store, layer: layer, kvHead: kvHead, kernels: executor.kernels),
            heads: firstHead..<min(firstHead + headsPerTile, (kvHead + 1) * group),
            visible: Array(
              text.visible[rows.lowerBound - first..<rows.upperBound - first]), rule: rule)
          tile.attend(
            queries: elements + rows.lowerBound * queries.columns, stride: queries.columns,
            to: output + rows.lowerBound * width, width: width)
        }
      }
    }
  }
}

/// Stops unless `visible` has one list for each of `rows` queries, and the lists and heads fit `store`.
func checkAttention(
  queries: Matrix, rows: Int, heads: Int, store: KeyValueStore, visible: [VisibleKeys]
) {
  let width = heads * store.headDim
  precondition(heads.isMultiple(of: store.kvHeads), "\(heads) heads over \(store.kvHeads) kv heads")
  precondition(
    visible.count == rows && width <= queries.columns,
    "\(visible.count) lists for \(rows) rows of queries [\(queries.rows), \(queries.columns)]")
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
