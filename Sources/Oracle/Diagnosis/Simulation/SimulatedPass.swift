import Llama

/// The rows of a pass of a simulated engine: the newest tokens, then the drafts branch by branch.
struct SimulatedPass {
  /// The tokens of the context that are not in the cache yet, at least one.
  let newest: [TokenID]
  let drafts: [[TokenID]]
  /// The position of the first row.
  let firstPosition: Int
  /// By how much the positions of drafts are too large.
  let draftShift: Int
  /// Whether a draft sees the drafts of the branches before it too.
  let seesSiblings: Bool

  var draftCount: Int { drafts.reduce(0) { $0 + $1.count } }
  var rowCount: Int { newest.count + draftCount }

  func row(ofBranch branch: Int, depth: Int) -> Int {
    newest.count + drafts[..<branch].reduce(0) { $0 + $1.count } + depth
  }

  func request(cachedCount: Int) -> PassRequest {
    var positions = newest.indices.map { firstPosition + $0 }
    /// Of each row the first row of its branch.
    var starts = newest.indices.map { _ in 0 }
    for (branch, draft) in drafts.enumerated() {
      let start = row(ofBranch: branch, depth: 0)
      positions += draft.indices.map { firstPosition + newest.count + $0 + draftShift }
      starts += draft.map { _ in start }
    }
    let mask = AttentionMask(
      cachedCount: cachedCount, queries: rowCount,
      seesRow: { row, other in
        other <= row && (other < newest.count || seesSiblings || other >= starts[row])
      })
    return PassRequest(
      tokens: newest + drafts.joined(), positions: positions, mask: mask,
      logitRows: Array(0..<rowCount))
  }
}
