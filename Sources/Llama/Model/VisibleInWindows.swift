import Tensor

extension LlamaConfiguration {
  /// The keys that each row of a pass attends to, in position order: those that its mask shows, and in
  /// layers with a window those of them whose position is above `position - window`.
  /// - Parameter positions: position of each key, `[cachedCount + queries]`.
  /// - Throws: `LlamaError.queryWithoutKeys` for a row whose mask shows no key within a window.
  func visibleKeys(
    _ mask: AttentionMask, positions: [Int]
  ) throws(LlamaError) -> (all: [VisibleKeys], byWindow: [Int: [VisibleKeys]]) {
    let all = mask.inPositionOrder(positions)
    var byWindow: [Int: [VisibleKeys]] = [:]
    for window in windows {
      var visible: [VisibleKeys] = []
      for (row, keys) in all.enumerated() {
        let first = positions[mask.cachedCount + row] - window + 1
        let within = keys.dropping(below: first, positions)
        guard within.count > 0 else { throw LlamaError.queryWithoutKeys(row: row) }
        visible.append(within)
      }
      byWindow[window] = visible
    }
    return (all, byWindow)
  }
}

extension VisibleKeys {
  /// The keys from some position on, of keys in position order.
  fileprivate func dropping(below first: Int, _ positions: [Int]) -> VisibleKeys {
    // The order makes one comparison enough where nothing is dropped.
    if let slot = prefix > 0 ? 0 : others.first, positions[slot] >= first { return self }
    let slots = slots
    let start = slots.firstIndex { positions[$0] >= first } ?? slots.endIndex
    return VisibleKeys(prefix: 0, others: Array(slots[start...]))
  }
}
