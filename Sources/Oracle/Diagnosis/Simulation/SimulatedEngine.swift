import Llama
import Lookahead
import Tensor

/// A greedy speculative decoder with a mistake, led along another engine's output: at each token it says
/// what it would have chosen, and goes on from what the other engine chose.
///
/// A pass has the newest tokens, which are not cached yet, and behind them the drafts, branch by branch;
/// a draft sees the cache, the newest tokens and the drafts before it in its branch.
struct SimulatedEngine<Model: CausalLanguageModel> {
  let model: Model
  let scorer: TextScorer
  let drafts: DraftRule
  let mistake: BookkeepingMistake?
  private let promptCount: Int
  private let output: [TokenID]

  private(set) var scores: [ScoredToken] = []
  /// The context of the simulated engine: prompt and tokens, those included that its output lacks.
  private var text: [TokenID]
  /// How many of its last tokens are not in the cache.
  private var pending = 1
  private var cache: Model.Cache
  /// By how much positions are off.
  private var positionOffset = 0
  private var passes = 0
  private var hasEnded = false

  /// - Parameter promptCache: the cache of all tokens of the prompt but the last; it is read if not given.
  init(
    _ model: Model, _ scorer: TextScorer, drafts: DraftRule, mistake: BookkeepingMistake?,
    output: [TokenID], after prompt: [TokenID], promptCache: Model.Cache? = nil
  ) throws {
    self.model = model
    self.scorer = scorer
    self.drafts = drafts
    self.mistake = mistake
    self.output = output
    promptCount = prompt.count
    text = prompt
    cache = try promptCache ?? model.read(Array(prompt.dropLast()))
  }

  /// Whether all tokens are scored.
  var isFinished: Bool { scores.count >= output.count }

  /// Runs a pass.
  mutating func step() throws {
    if hasEnded {
      scores += output[scores.count...].map { ScoredToken(afterEnd: $0) }
      return
    }
    let drafts = drafts.drafts(after: text, pass: passes)
    passes += 1
    let pass = SimulatedPass(
      newest: Array(text.suffix(pending)), drafts: drafts,
      firstPosition: text.count - pending + positionOffset,
      draftShift: mistake == .draftPosition ? 1 : 0,
      seesSiblings: mistake == .siblingMask)
    let logits = try model.forward(pass.request(cachedCount: cache.count), cache: &cache)
    let walk = try follow(pass, logits)
    try cache.keep(newRows: kept(pass, accepted: walk.rows))
    if mistake == .positionNotRolledBack { positionOffset += pass.draftCount - walk.rows.count }
    text += walk.tokens
    pending = walk.tokens.count - walk.rows.count
    hasEnded = walk.hasEnded
  }

  /// What a pass adds.
  private struct Walk {
    /// Rows of the accepted drafts.
    var rows: [Int] = []
    /// The tokens of the context: the accepted drafts, and what came after them.
    var tokens: [TokenID] = []
    var hasEnded = false
  }

  /// Verifies the drafts, and scores the tokens that the pass puts out.
  private mutating func follow(_ pass: SimulatedPass, _ logits: Matrix) throws -> Walk {
    var walk = Walk()
    var row = pass.newest.count - 1
    var branches = Array(pass.drafts.indices)
    var isLast = false
    while !isFinished {
      let depth = walk.rows.count
      let candidates = branches.filter { pass.drafts[$0].count > depth }
      let chosen = try choice(logits, row, pass, walk)
      let isMatch = candidates.contains { pass.drafts[$0][depth] == chosen.token }
      let isBonus = depth > 0 && candidates.isEmpty && !isLast

      if mistake == .bonusLost, isBonus {
        walk.tokens.append(chosen.token)
        return walk
      }
      let token = output[scores.count]
      var follows = candidates.filter { pass.drafts[$0][depth] == token }
      if mistake == .oneTooMany, !isMatch, !isLast, let branch = candidates.first {
        scores.append(ScoredToken(token, certain: pass.drafts[branch][depth]))
        isLast = true
        follows = follows.filter { $0 == branch }
      } else if mistake == .wrongRow, !isMatch, !candidates.isEmpty {
        scores.append(try score(token, logits, pass.rowCount - 1, pass, walk))
        // It is no draft, though it may be the same token.
        follows = []
      } else {
        scores.append(ScoredToken(token, logits: chosen.logits))
        if isLast { follows = [] }
      }
      walk.tokens.append(token)
      if mistake == .bonusTwice, isBonus, !isFinished {
        let second = output[scores.count]
        scores.append(ScoredToken(second, certain: token))
        walk.tokens.append(second)
      }
      if scorer.ends.contains(token) {
        walk.hasEnded = true
        if mistake != .pastEnd { return walk }
      }
      guard let branch = follows.first else { return walk }
      row = pass.row(ofBranch: branch, depth: depth)
      walk.rows.append(row)
      branches = follows
    }
    return walk
  }

  private func choice(
    _ logits: Matrix, _ row: Int, _ pass: SimulatedPass, _ walk: Walk
  ) throws -> (token: TokenID, logits: ArraySlice<Float>) {
    var accepted = walk.tokens
    // The penalties look at the text alone, not at what is drafted after it.
    if mistake == .penaltySeesDrafts { accepted += pass.drafts.joined() }
    let prefix = TextPrefix(text, promptCount: promptCount, accepting: accepted)
    let processed = try scorer.processed(logits.row(row), after: prefix)
    return (processed.largestPlace, processed)
  }

  private func score(
    _ token: TokenID, _ logits: Matrix, _ row: Int, _ pass: SimulatedPass, _ walk: Walk
  ) throws -> ScoredToken {
    ScoredToken(token, logits: try choice(logits, row, pass, walk).logits)
  }

  /// The rows that the cache keeps, in its order.
  private func kept(_ pass: SimulatedPass, accepted: [Int]) -> [Int] {
    let newest = Array(0..<pass.newest.count)
    switch mistake {
    case .staleRow:
      let rejected = (newest.count..<pass.rowCount).filter { !accepted.contains($0) }
      return newest + accepted + rejected
    case .wrongBranch: return Array(0..<newest.count + accepted.count)
    case .missingRow: return newest + accepted.dropLast()
    default: return newest + accepted
    }
  }
}
