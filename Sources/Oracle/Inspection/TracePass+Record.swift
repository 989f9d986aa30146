import Llama
import Lookahead

extension TracePass {
  /// A decoder's pass in the words of a trace.
  init(_ record: PassRecord, index: Int, logitRows: [Int]) {
    let nodes = record.tree.nodes
    let firstNode = record.tokens.count - nodes.count
    self.init(
      index: index, file: TracePass.file(ofPass: index),
      kind: record.kind == .prompt ? .prompt : .step, cachedCount: record.cachedCount,
      rows: record.tokens.indices.map { row in
        let node = row >= firstNode ? nodes[row - firstNode] : nil
        return TraceRow(
          record, row: row, parent: node.map { $0.parent.map { firstNode + $0 } ?? 0 },
          source: (node?.source).map(TraceSource.init))
      },
      logitRows: logitRows,
      candidates: record.tree.leafPaths.map { path in
        TraceCandidate(
          tokens: path.map { nodes[$0].token }, rows: path.map { firstNode + $0 },
          sources: path.map { TraceSource(nodes[$0].source) })
      },
      frontier: zip(record.frontierRows, record.frontier).map(TraceAnswer.init),
      selected: zip(record.selectedRows, record.selected).map(TraceAnswer.init),
      acceptedRows: record.keptRows, window: record.window,
      pool: record.poolCount.map { count in
        TracePool(
          added: record.poolAdditions.map {
            TracePool.Addition(after: $0.after, tokens: $0.tokens, source: TraceSource($0.source))
          }, count: count)
      })
  }
}

extension TraceRow {
  fileprivate init(_ record: PassRecord, row: Int, parent: Int?, source: TraceSource?) {
    self.init(
      token: record.tokens[row], position: record.positions[row],
      visible: TraceVisible(record.mask, row: row))
    switch record.roles[row] {
    case .text: role = .text
    case .current: role = .current
    case .window(let level, let column):
      (role, self.level, self.column) = (.window, level, column)
    case .candidate(let branches):
      (role, self.branches, self.parent, self.source) = (.candidate, branches, parent, source)
    }
  }
}

extension CandidateTree {
  /// For each node without a child the nodes that lead to it, itself the last.
  fileprivate var leafPaths: [[Int]] {
    let parents = Set(nodes.compactMap(\.parent))
    return nodes.indices.filter { !parents.contains($0) }.map { leaf in
      var path = [leaf]
      while let parent = nodes[path[path.count - 1]].parent { path.append(parent) }
      return path.reversed()
    }
  }
}
