import Llama
import Tensor

/// The model's answers to the rows of a pass.
struct PassAnswers {
  let plan: PassPlan
  /// Of the rows that were asked for.
  let logits: Matrix
  /// For each row of the pass that was asked for its row of `logits`.
  let logitRow: [Int: Int]

  init(_ plan: PassPlan, logits: Matrix, logitRows: [Int]) {
    self.plan = plan
    self.logits = logits
    logitRow = Dictionary(uniqueKeysWithValues: zip(logitRows, logitRows.indices))
  }

  /// What the model itself would say next, row by row.
  func largest(ofRows rows: [Int]) -> [TokenID] {
    rows.compactMap { logitRow[$0] }.map { logits.argmax(row: $0) }
  }

  /// What the tree's rows have read from the current token on, each with its answer as the last token;
  /// once, and in an order that does not depend on the layout.
  /// - Parameter known: what a greedy selector chose, which need not be looked for again.
  func candidateAnswers(known: Accepted?) -> [[TokenID]] {
    let chosen = Dictionary(uniqueKeysWithValues: zip(known?.rows ?? [], known?.tokens ?? []))
    let answers = plan.tree.nodes.indices.compactMap { node -> [TokenID]? in
      let row = plan.row(ofNode: node)
      return logitRow[row].map { logitRow in
        [plan.tokens[0]] + plan.tree.path(to: node).map { plan.tree.nodes[$0].token }
          + [chosen[row] ?? logits.argmax(row: logitRow)]
      }
    }
    return Set(answers).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Tokens that a pass settles.
  struct Accepted {
    /// The tokens, oldest first.
    var tokens: [TokenID] = []
    /// The row that each was chosen from.
    var rows: [Int] = []
    /// Where each was guessed, if it was.
    var sources: [CandidateSource?] = []
  }

  /// Walks down the tree for as long as the selector picks what a node holds. The token that ends the
  /// walk, or follows a candidate matched to its end, is settled too.
  /// - Parameters:
  ///   - select: chooses from a row of `logits` the token behind those accepted so far.
  ///   - goesOn: whether there may be more tokens behind these.
  func verify(
    select: (_ logitRow: Int, _ accepted: [TokenID]) throws -> TokenID,
    goesOn: (_ accepted: [TokenID]) -> Bool
  ) rethrows -> Accepted {
    var accepted = Accepted()
    var reached: [Int?] = [nil]
    var next: Int? = 0  // The current token's row.
    while let row = next, let logitRow = logitRow[row] {
      let token = try select(logitRow, accepted.tokens)
      accepted.tokens.append(token)
      accepted.rows.append(row)
      let matched = plan.tree.children(of: reached, holding: token)
      accepted.sources.append(matched.first.map { plan.tree.nodes[$0].source })
      reached = matched
      next = goesOn(accepted.tokens) ? matched.first.map(plan.row(ofNode:)) : nil
    }
    return accepted
  }
}

extension RowRole {
  /// Whether a settled token may be chosen from this row's logits.
  var isVerified: Bool {
    switch self {
    case .window: self == .current
    case .candidate: true
    }
  }
}
