import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct SuccessorTableTests {
  typealias Successor = SuccessorTable.Successor

  private static func list(_ pairs: [(TokenID, Float)]) -> [Successor] {
    pairs.map { Successor(token: $0.0, probability: $0.1) }
  }

  @Test("A row is filed under its last token and its last two; a second one is averaged with it")
  func means() {
    var table = SuccessorTable()
    table.learn(Self.list([(5, 0.75), (6, 0.25)]), after: [1, 2])
    table.learn(Self.list([(6, 1)]), after: [3, 2])
    #expect(table.successors(after: [2], length: 1) == Self.list([(6, 0.625), (5, 0.375)]))
    #expect(table.successors(after: [9, 1, 2], length: 2) == Self.list([(5, 0.75), (6, 0.25)]))
    #expect(table.successors(after: [3, 2], length: 2) == Self.list([(6, 1)]))
    #expect(table.successors(after: [2, 2], length: 2) == nil)
    #expect(table.successors(after: [], length: 1) == nil)
    #expect(table.successors(after: [2], length: 2) == nil)
    #expect(table.count == 3)
  }

  @Test("A row has eight successors at most, the likeliest")
  func width() {
    var table = SuccessorTable()
    table.learn(Self.list((0..<8).map { ($0, 0.1) }), after: [1])
    table.learn(Self.list((4..<12).map { ($0, 0.1) }), after: [1])
    let found = table.successors(after: [1], length: 1) ?? []
    #expect(found.map(\.token) == [4, 5, 6, 7, 0, 1, 2, 3])
    #expect(found.prefix(4).allSatisfy { $0.probability == 0.1 })
  }

  @Test("The table is bounded: contexts not filed for longest are dropped")
  func bounded() {
    var table = SuccessorTable()
    let row = Self.list([(1, 1)])
    for token in 0..<3 * SuccessorTable.generationLimit {
      table.learn(row, after: [token])
      if token % 1_000 == 0 { table.learn(row, after: [-7]) }
      if token % 10_000 == 0 { #expect(table.count <= 2 * SuccessorTable.generationLimit) }
    }
    #expect(table.successors(after: [-7], length: 1) != nil)
    #expect(table.successors(after: [0], length: 1) == nil)
  }

  @Test("Every row of logits is filed under the tokens that it attends to")
  func contexts() throws {
    // The text 7 8 9, 9 being current; a window of one column and two levels; candidates 4 5 and 6.
    let tokens = [9, 3, 4, 5, 6]
    let roles: [RowRole] = [
      .current, .window(level: 1, column: 0), .candidate(branches: [0]),
      .candidate(branches: [0, 0]), .candidate(branches: [1]),
    ]
    let request = PassRequest(
      tokens: tokens, positions: roles.map { 2 + $0.distance },
      mask: AttentionMask(
        cachedCount: 2, queries: 5, seesRow: { query, row in roles[query].sees(roles[row]) }),
      logitRows: Array(0..<5))
    let logits = Matrix(
      rows: 5, columns: 16,
      elements: (0..<5).flatMap { row in (0..<16).map { $0 == row ? 4 : -Float($0) } })
    let pass = DraftedPass(
      text: [7, 8, 9, 4, 2], acceptedCount: 2, request: request, logits: logits)
    #expect(
      pass.successors.map(\.context) == [[8, 9], [9, 3], [9, 4], [4, 5], [9, 6]])
    for (row, successors) in pass.successors.map(\.successors).enumerated() {
      #expect(successors.count == SuccessorTable.width && successors[0].token == row)
      #expect(abs(successors.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    }
  }

  @Test("What two tables learnt since they were read is joined")
  func merging() {
    var common = SuccessorTable()
    common.learn(Self.list([(1, 1)]), after: [1])
    common.learn(Self.list([(1, 1)]), after: [2])
    let kept = SuccessorTable(young: common.rows.young, old: common.rows.old)
    var (first, second) = (kept, kept)
    first.learn(Self.list([(3, 1)]), after: [1])
    second.learn(Self.list([(4, 1)]), after: [5])
    first.merge(changesOf: second)
    #expect(first.successors(after: [1], length: 1) == Self.list([(1, 0.5), (3, 0.5)]))
    #expect(first.successors(after: [2], length: 1) == Self.list([(1, 1)]))
    #expect(first.successors(after: [5], length: 1) == Self.list([(4, 1)]))
    #expect(kept.changed.isEmpty && first.changed.count == 2)
  }
}
