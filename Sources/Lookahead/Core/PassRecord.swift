import Llama
import Tensor

/// One pass of a decoder: what the model was asked, what was chosen from its answer, and what is left
/// of it.
public struct PassRecord: Sendable {
  /// Why a pass was run.
  public enum Kind: Equatable, Sendable {
    /// To read a part of the prompt; the last such pass settles a token too.
    case prompt
    /// To settle tokens.
    case step
  }

  /// What a row stands for.
  public enum Role: Equatable, Sendable {
    /// A token of the prompt whose answer decides nothing.
    case text
    /// The last token of the prompt, or the last settled one.
    case current
    /// A token of the window.
    case window(level: Int, column: Int)
    /// A node of the candidate tree, by the branches that lead to it.
    case candidate(branches: [Int])

    init(_ role: RowRole) {
      self =
        switch role {
        case .current: .current
        case .window(let level, let column): .window(level: level, column: column)
        case .candidate(let branches): .candidate(branches: branches)
        }
    }
  }

  /// Why it was run.
  public let kind: Kind
  /// Tokens in the cache before the pass.
  public let cachedCount: Int
  /// The token of each row.
  public let tokens: [TokenID]
  /// The position of each row.
  public let positions: [Int]
  /// What each row stands for.
  public let roles: [Role]
  /// What each row sees.
  public let mask: AttentionMask
  /// The rows whose logits were asked for.
  public let logitRows: [Int]
  /// The candidates; their nodes are the last rows, in order.
  public private(set) var tree = CandidateTree()
  /// The rows of the window's top level.
  public private(set) var frontierRows: [Int] = []
  /// The model's own answers to those.
  public private(set) var frontier: [TokenID] = []
  /// The settled tokens, oldest first.
  public private(set) var selected: [TokenID] = []
  /// For each of them the row that it was chosen from.
  public private(set) var selectedRows: [Int] = []
  /// The rows that stay in the cache, in order.
  public let keptRows: [Int]
  /// The levels of the window after the pass; none where there is no window.
  public internal(set) var window: [[TokenID]]?
  /// What the pass added to the pool, in order.
  public internal(set) var poolAdditions: [PoolAddition] = []
  /// Entries of the pool after the pass; none where there is no pool.
  public internal(set) var poolCount: Int?

  /// A pass over a part of the prompt and, if it is the last one, guesses behind it.
  /// - Parameters:
  ///   - token: what was chosen from the prompt's last row.
  ///   - frontier: the model's own answers to the guesses.
  init(prompt pass: PromptPass, selected token: TokenID? = nil, frontier: [TokenID] = []) {
    kind = .prompt
    cachedCount = pass.cachedCount
    tokens = pass.tokens
    positions = pass.positions
    mask = pass.mask
    logitRows = pass.logitRows
    // Behind the prompt's last row, the current one, stands level 0 of the window.
    let current = pass.logitRows.first ?? tokens.count
    roles = tokens.indices.map { row in
      row < current ? .text : Role(.window(level: 0, column: row - current))
    }
    keptRows = Array(0..<pass.keptCount)
    frontierRows = Array(pass.logitRows.dropFirst())
    self.frontier = frontier
    if let token {
      selected = [token]
      selectedRows = [current]
    }
  }

  /// A pass that was laid out.
  init(
    _ plan: PassPlan, cachedCount: Int, logitRows: [Int], accepted: PassAnswers.Accepted,
    frontierRows: [Int] = [], frontier: [TokenID] = []
  ) {
    kind = .step
    self.cachedCount = cachedCount
    tokens = plan.tokens
    positions = plan.positions
    roles = plan.roles.map(Role.init)
    mask = plan.mask(cachedCount: cachedCount)
    self.logitRows = logitRows
    tree = plan.tree
    self.frontierRows = frontierRows
    self.frontier = frontier
    selected = accepted.tokens
    selectedRows = accepted.rows
    keptRows = accepted.rows
  }
}

/// Something that was seen behind something, as the pool files it.
public struct PoolAddition: Equatable, Sendable {
  /// The tokens before: up to four of them, or under the policy lade one.
  public let after: [TokenID]
  /// What followed them: one token, or under the policy lade N - 1.
  public let tokens: [TokenID]
  /// Where it was seen.
  public let source: CandidateSource
}
