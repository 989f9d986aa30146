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
            HeadPanels(store: store, layer: layer, kvHead: kvHead, kernels: executor.kernels),
            heads: firstHead..<min(firstHead + headsPerTile, (kvHead + 1) * group),
            visible: Array(visible[tokens]), rule: rule)
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
