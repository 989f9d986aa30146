import Llama
import Tensor

/// The output of a lookahead pass, row by row.
struct PassPredictions {
  let plan: PassPlan
  let logits: Matrix
  /// Row of the pass → row of `logits`.
  let logitRow: [Int: Int]

  init(_ plan: PassPlan, request: PassRequest, logits: Matrix) {
    self.plan = plan
    self.logits = logits
    logitRow = Dictionary(uniqueKeysWithValues: zip(request.logitRows, 0...))
  }

  /// The tokens with the largest logits.
  func predictions(ofRows rows: [Int]) -> [TokenID] {
    rows.compactMap { logitRow[$0] }.map { logits.argmax(row: $0) }
  }

  /// For each node of the tree the path from the current token to it and the prediction of its row;
  /// without duplicates, in an order that does not depend on the layout.
  /// - Parameter known: tokens that a greedy selector chose, which saves the search for the argmax.
  func candidatePredictions(known: AcceptedRows?) -> [[TokenID]] {
    let chosen = Dictionary(uniqueKeysWithValues: zip(known?.rows ?? [], known?.tokens ?? []))
    let predictions = plan.tree.nodes.indices.compactMap { node -> [TokenID]? in
      let row = plan.row(ofNode: node)
      return logitRow[row].map { logitRow in
        [plan.tokens[0]] + plan.tree.path(to: node).map { plan.tree.nodes[$0].token }
          + [chosen[row] ?? logits.argmax(row: logitRow)]
      }
    }
    return Set(predictions).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The tokens that a pass accepts, oldest first.
  struct AcceptedRows {
    var tokens: [TokenID] = []
    var rows: [Int] = []
    /// Where each was drafted; nil where no candidate had it.
    var origins: [DraftOrigin?] = []
  }

  /// The verification branch: walks down the tree as long as the selector's choice is the token of a
  /// child. The choice that no child has is accepted too, and ends the walk.
  /// - Parameters:
  ///   - select: chooses from a row of `logits` the token that follows those accepted so far.
  ///   - continues: whether more tokens may be accepted after these.
  func verify(
    select: (_ logitRow: Int, _ accepted: [TokenID]) throws -> TokenID,
    continues: (_ accepted: [TokenID]) -> Bool
  ) rethrows -> AcceptedRows {
    var accepted = AcceptedRows()
    var reached: [Int?] = [nil]
    var next: Int? = 0  // The current token's row.
    while let row = next, let logitRow = logitRow[row] {
      let token = try select(logitRow, accepted.tokens)
      accepted.tokens.append(token)
      accepted.rows.append(row)
      let matched = plan.tree.children(of: reached, holding: token)
      accepted.origins.append(matched.first.map { plan.tree.nodes[$0].origin })
      reached = matched
      next = continues(accepted.tokens) ? matched.first.map(plan.row(ofNode:)) : nil
    }
    return accepted
  }
}
