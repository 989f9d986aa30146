import Llama
import Tensor

/// Lookahead decoding in its plainest form: algorithm 2 of arXiv:2402.02057, greedy, for one text.
///
/// A decoding step is one forward pass over the current token, the window and the candidates. It
/// accepts 1 to N tokens, those of plain greedy decoding. docs/algorithm.md explains this file;
/// `LookaheadDecoder` runs the same passes under the policy paper.
public struct TextbookLookahead<Model: CausalLanguageModel>: Sendable {
  private let model: Model
  private let (windowSize, ngramSize): (Int, Int)  // W and N
  private let candidatesPerToken: Int  // G
  private var cache: Model.Cache
  /// Prompt and accepted tokens. The last one is the current token; the KV cache does not hold it.
  public private(set) var text: [TokenID]
  /// The 2D window, `window[level][column]`: guesses at the text ahead (section 3.1). A guess stands
  /// level + column positions after the current token, which is `window[0][0]`.
  public private(set) var window: [[TokenID]]
  /// The n-gram pool: at most G n-grams for each first token, the newest last (section 3.2).
  public private(set) var pool: [TokenID: [[TokenID]]] = [:]

  /// Level 0 alone is there at first: W + N - 3 tokens drawn from the prompt, behind its last token.
  /// - Precondition: W ≥ 1, N ≥ 2, G ≥ 0 and 1 ≤ prompt tokens < the model's context length.
  public init(
    model: Model, prompt: [TokenID], windowSize: Int, ngramSize: Int, candidatesPerToken: Int,
    seed: UInt64 = 0
  ) {
    precondition(windowSize >= 1 && ngramSize >= 2 && candidatesPerToken >= 0)
    precondition(!prompt.isEmpty && prompt.count < model.contextLength)
    self.model = model
    (self.windowSize, self.ngramSize) = (windowSize, ngramSize)
    self.candidatesPerToken = candidatesPerToken
    cache = model.makeCache()
    text = prompt
    var generator = SplitMix64(seed: seed)
    let guesses = (0..<windowSize + ngramSize - 3).map { _ in
      prompt[generator.index(below: prompt.count)]
    }
    window = [prompt.suffix(1) + Array(guesses.prefix(model.contextLength - prompt.count))]
  }

  /// One decoding step: plan, forward pass, commit. The first step also reads the prompt.
  /// - Precondition: `text.count` is at most the model's context length.
  public mutating func step() throws -> TextbookPass {
    let plan = plan()
    let logits = try model.forward(plan.request, cache: &cache)
    return try commit(plan, logits)
  }

  /// The rows of the next pass: decode, predict and verify in the same step (section 3.3).
  private func plan() -> TextbookPlan {
    let position = text.count - 1
    // Looked up before this pass adds to the pool. Candidates end where the context does.
    let candidates = pool[text[position], default: []].map { ngram in
      Array(ngram.dropFirst().prefix(model.contextLength - text.count))
    }
    var plan = TextbookPlan(cachedCount: cache.count, candidates: candidates)
    for index in cache.count..<position {  // Only in the first step.
      plan.append(.prompt(index: index), text[index], at: index, hasLogits: false)
    }
    for (level, guesses) in window.enumerated() {
      for (column, guess) in guesses.enumerated() {
        plan.append(
          .window(level: level, column: column), guess, at: position + level + column,
          hasLogits: level == window.count - 1 || (level, column) == (0, 0))
      }
    }
    for (index, candidate) in candidates.enumerated() {
      for (offset, token) in candidate.enumerated() {
        plan.append(.candidate(index: index, offset: offset), token, at: position + 1 + offset)
      }
    }
    return plan
  }

  /// What follows from a pass: accepted tokens, n-grams, the next window and the cache.
  private mutating func commit(_ plan: TextbookPlan, _ logits: Matrix) throws -> TextbookPass {
    var prediction: [TextbookRole: TokenID] = [:]
    for (logitRow, row) in plan.logitRows.enumerated() {
      prediction[plan.roles[row]] = logits.argmax(row: logitRow)
    }
    let acceptedRoles = verify(plan.candidates, prediction)
    let accepted = acceptedRoles.compactMap { prediction[$0] }

    // Lookahead branch: the top level's predictions complete an n-gram in each column.
    let top = window.count - 1
    let frontier = window[top].indices.compactMap { prediction[.window(level: top, column: $0)] }
    let isWarm = window.count == ngramSize - 1 && frontier.count == windowSize
    let ngrams = isWarm ? frontier.indices.map { c in window.map { $0[c] } + [frontier[c]] } : []
    for ngram in ngrams {
      let others = pool[ngram[0], default: []].filter { $0 != ngram }
      pool[ngram[0]] = (others + [ngram]).suffix(candidatesPerToken)
    }

    // Committed to the cache are the rows that read text: the prompt's, and those accepted from.
    let acceptedRows = acceptedRoles.compactMap(plan.roles.firstIndex(of:))
    let committedRows = plan.roles.indices.prefix { plan.roles[$0] != .current } + acceptedRows
    try cache.keep(newRows: committedRows)
    text += accepted
    advanceWindow(frontier, isWarm: isWarm)
    return TextbookPass(
      plan: plan, accepted: accepted, acceptedRows: acceptedRows, committedRows: committedRows,
      frontier: frontier, ngrams: ngrams)
  }

  /// Verification branch (algorithm 3): the rows whose predictions are accepted. These are the current
  /// token and then, while candidates agree with what was accepted, the next row of the first of them.
  private func verify(
    _ candidates: [[TokenID]], _ prediction: [TextbookRole: TokenID]
  ) -> [TextbookRole] {
    var accepted: [TextbookRole] = []
    var matching = Array(candidates.indices)
    var next: TextbookRole? = .current
    while let role = next, let token = prediction[role] {
      matching.removeAll { candidates[$0].dropFirst(accepted.count).first != token }
      next = matching.first.map { .candidate(index: $0, offset: accepted.count) }
      accepted.append(role)
    }
    return accepted
  }

  /// Moves the window up by one level, however many tokens were accepted (section 3.1).
  private mutating func advanceWindow(_ frontier: [TokenID], isWarm: Bool) {
    // Warm: the frontier replaces the oldest level. Warm-up: a level more, a column less.
    window.append(frontier)
    if isWarm { window.removeFirst() } else { window = window.map { Array($0.dropFirst()) } }
    // The new current token replaces the guess at its position, wherever a window still fits.
    if text.count + windowSize + ngramSize - 3 > model.contextLength { window = [[]] }
    window[0] = text.suffix(1) + window[0].dropFirst()
  }
}

/// What a row of a pass stands for.
public enum TextbookRole: Hashable, Sendable {
  /// A token of the prompt before its last one.
  case prompt(index: Int)
  case window(level: Int, column: Int)
  /// A token of a candidate; offset 0 follows the current token.
  case candidate(index: Int, offset: Int)

  public static let current = TextbookRole.window(level: 0, column: 0)

  /// The mask (figure 3): whether this row attends to row `key` of its pass. All rows attend to the
  /// whole cache.
  func sees(_ key: TextbookRole) -> Bool {
    switch (self, key) {
    case (.prompt(let index), .prompt(let keyIndex)): keyIndex <= index
    case (.prompt, _): false
    case (_, .prompt): true
    case (.window(let level, let column), .window(let keyLevel, let keyColumn)):
      keyLevel == 0 ? keyColumn <= column : keyColumn == column && keyLevel <= level
    case (.candidate(let index, let offset), .candidate(let keyIndex, let keyOffset)):
      keyIndex == index && keyOffset <= offset
    case (.candidate, .window): key == .current
    case (.window, .candidate): false
    }
  }
}

/// The rows of one pass.
public struct TextbookPlan: Equatable, Sendable {
  public let cachedCount: Int
  public let candidates: [[TokenID]]
  public private(set) var roles: [TextbookRole] = []
  public private(set) var tokens: [TokenID] = []
  public private(set) var positions: [Int] = []
  /// The rows whose logits the commit needs.
  public private(set) var logitRows: [Int] = []

  /// The forward pass.
  public var request: PassRequest {
    let mask = AttentionMask(
      cachedCount: cachedCount, queries: roles.count,
      seesRow: { query, key in roles[query].sees(roles[key]) })
    return PassRequest(tokens: tokens, positions: positions, mask: mask, logitRows: logitRows)
  }

  fileprivate mutating func append(
    _ role: TextbookRole, _ token: TokenID, at position: Int, hasLogits: Bool = true
  ) {
    if hasLogits { logitRows.append(roles.count) }
    roles.append(role)
    tokens.append(token)
    positions.append(position)
  }
}

/// A decoding step: its plan, and what followed from the forward pass.
public struct TextbookPass: Equatable, Sendable {
  public let plan: TextbookPlan
  public let accepted: [TokenID]
  /// For each accepted token the row that predicted it.
  public let acceptedRows: [Int]
  public let committedRows: [Int]
  /// The predictions of the window's top level.
  public let frontier: [TokenID]
  /// The n-grams added to the pool.
  public let ngrams: [[TokenID]]
}
