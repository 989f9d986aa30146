import Tensor

/// Which keys each query of one pass attends to: among the cached ones and among the pass's own.
///
/// Key `0 ..< cachedCount` is a cached key, key `cachedCount + r` is row `r` of the pass. Any pattern
/// is allowed in which every query sees a key.
public struct AttentionMask: Equatable, Sendable {
  /// Keys that the cache holds before the pass.
  public let cachedCount: Int
  /// For each query its visible keys, in ascending order.
  let visible: [VisibleKeys]

  /// Rows of the pass.
  public var queries: Int { visible.count }
}

extension AttentionMask {
  /// Any mask over `[queries, cachedCount + queries]`; `sees` is called once for each element.
  public init(
    cachedCount: Int, queries: Int, seesKey sees: (_ query: Int, _ key: Int) -> Bool
  ) {
    let keys = 0..<cachedCount + queries
    let visible = (0..<queries).map { query in
      AttentionMask.ascending(prefix: 0, others: keys.filter { sees(query, $0) })
    }
    self.init(cachedCount: cachedCount, visible: visible)
  }

  /// Every query sees the whole cache; `seesRow` says which rows of the pass it sees.
  public init(
    cachedCount: Int, queries: Int, seesRow sees: (_ query: Int, _ row: Int) -> Bool
  ) {
    let visible = (0..<queries).map { query in
      AttentionMask.ascending(
        prefix: cachedCount,
        others: (0..<queries).filter { sees(query, $0) }.map { cachedCount + $0 })
    }
    self.init(cachedCount: cachedCount, visible: visible)
  }

  /// Row `r` sees the whole cache and rows `0 ... r`: the mask of plain decoding and of prefill.
  public static func causal(cachedCount: Int, queries: Int) -> AttentionMask {
    AttentionMask(
      cachedCount: cachedCount,
      visible: (0..<queries).map { VisibleKeys(prefix: cachedCount + $0 + 1, others: []) })
  }

  /// Whether a query sees a key.
  /// - Precondition: `query` is within the pass.
  public func sees(query: Int, key: Int) -> Bool {
    precondition(query >= 0 && query < queries, "query \(query) of \(queries)")
    return key >= 0
      && (key < visible[query].prefix || visible[query].others.contains(key))
  }

  /// The keys that a query sees, in ascending order.
  /// - Precondition: `query` is within the pass.
  public func keys(seenBy query: Int) -> [Int] {
    precondition(query >= 0 && query < queries, "query \(query) of \(queries)")
    return visible[query].slots
  }

  /// The same keys with the longest prefix.
  private static func ascending(prefix: Int, others: [Int]) -> VisibleKeys {
    var prefix = prefix
    var others = others[...]
    while others.first == prefix {
      prefix += 1
      others.removeFirst()
    }
    return VisibleKeys(prefix: prefix, others: Array(others))
  }

  /// Each query's keys in position order, the order in which they enter its sums: so a result does
  /// not depend on where in a pass or cache a key stands. Of equal positions the earlier slot first.
  /// - Parameter positions: position of each key, `[cachedCount + queries]`.
  func inPositionOrder(_ positions: [Int]) -> [VisibleKeys] {
    // Up to here slots are in position order already: nearly always all cached ones.
    var orderedPrefix = min(1, positions.count)
    while orderedPrefix < positions.count,
      positions[orderedPrefix - 1] <= positions[orderedPrefix]
    { orderedPrefix += 1 }
    return visible.map { keys in
      if keys.prefix <= orderedPrefix && keys.others.isEmpty { return keys }
      let last = keys.prefix > 0 ? positions[keys.prefix - 1] : Int.min
      if keys.prefix <= orderedPrefix, keys.others.allSatisfy({ positions[$0] >= last }) {
        let others = keys.others.sorted { (positions[$0], $0) < (positions[$1], $1) }
        return VisibleKeys(prefix: keys.prefix, others: others)
      }
      let all = keys.slots.sorted { (positions[$0], $0) < (positions[$1], $1) }
      // No slot behind this prefix is below it, since all that are stand in it.
      let prefix = all.enumerated().prefix { $0.offset == $0.element }.count
      return VisibleKeys(prefix: prefix, others: Array(all[prefix...]))
    }
  }
}
