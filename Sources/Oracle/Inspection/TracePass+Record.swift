import Llama
import Lookahead

extension TracePass {
  init(_ record: PassRecord, index: Int, logitRows: [Int]) {
    let lookahead = record.lookahead
    let tree = lookahead?.tree ?? CandidateTree()
    let firstNode = record.request.tokens.count - tree.nodes.count
    self.init(
      index: index, file: TracePass.file(ofPass: index),
      kind: record.kind == .prompt ? .prompt : .step, cachedCount: record.request.cachedCount,
      rows: record.request.tokens.indices.map { TraceRow(record, row: $0) },
      logitRows: logitRows,
      candidates: tree.leaves.map { leaf in
        let path = tree.path(to: leaf)
        return TraceCandidate(
          tokens: path.map { tree.nodes[$0].token }, rows: path.map { firstNode + $0 },
          sources: path.map { tree.nodes[$0].origin })
      },
      frontier: zip(lookahead?.frontierRows ?? [], lookahead?.frontier ?? []).map(TraceAnswer.init),
      selected: zip(record.acceptedRows, record.accepted).map(TraceAnswer.init),
      acceptedRows: record.committedRows, window: lookahead?.window,
      pool: lookahead.flatMap { lookahead in
        lookahead.entryCount.map { count in
          TracePool(
            added: lookahead.additions.map {
              TracePool.Addition(after: $0.context, tokens: $0.tokens, source: $0.origin)
            }, count: count)
        }
      })
  }
}

extension TraceRow {
  /// A row of a pass, as that of a text.
  init(_ request: PassRequest, row: Int) {
    self.init(
      role: .text, token: request.tokens[row], position: request.positions[row],
      visible: TraceVisible(request.mask, row: row))
  }

  fileprivate init(_ record: PassRecord, row: Int) {
    let request = record.request
    self.init(request, row: row)
    guard let current = record.acceptedRows.first, row >= current else { return }
    guard let lookahead = record.lookahead else {
      role = .current
      return
    }
    switch lookahead.roles[row - current] {
    case .current: role = .current
    case .window(let level, let column):
      (role, self.level, self.column) = (.window, level, column)
    case .candidate(let branches):
      let nodes = lookahead.tree.nodes
      let firstNode = request.tokens.count - nodes.count
      let node = nodes[row - firstNode]
      (role, self.branches, source) = (.candidate, branches, node.origin)
      parent = node.parent.map { firstNode + $0 } ?? 0
    }
  }
}
