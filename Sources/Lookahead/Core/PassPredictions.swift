import Llama
import Tensor

/// The output of a lookahead pass, row by row.
struct PassPredictions {
  let plan: PassPlan
  let logits: Matrix
  /// For each row whose logits were wanted its row of `logits`.
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

  /// What the tree's rows have read from the current token on, each with its prediction as the last
  /// token; without duplicates, in an order that does not depend on the layout.
  /// - Parameter known: what a greedy selector chose, which is not searched for again.
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

  /// Tokens that a pass accepts.
  struct AcceptedRows {
    /// The tokens, oldest first.
    var tokens: [TokenID] = []
    /// The row that each was chosen from.
    var rows: [Int] = []
    /// Where each was drafted; nil where no candidate had it.
    var origins: [DraftOrigin?] = []
  }

  /// The verification branch: walks down the tree for as long as the selector chooses what a node
  /// holds. The token that ends the walk, or follows a candidate accepted to its end, is accepted too.
  /// - Parameters:
  ///   - select: chooses from a row of `logits` the token behind those accepted so far.
  ///   - continues: whether more tokens may be accepted behind these.
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
