import Llama
import Tensor

/// Lookahead decoding: one pass, up to N tokens, each the one that plain decoding would have chosen.
///
/// Every pass carries three things at once under one mask: the current token; the window, which makes
/// n-grams (the lookahead branch); and n-grams made earlier that begin with the current token (the
/// verification branch). Source: arXiv:2402.02057, algorithm 2.
public struct LookaheadDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  /// W, N, G and where the pool's n-grams come from.
  public let configuration: LookaheadConfiguration
  /// The lookahead branch; none where W is 0 or the context has no more room for it.
  public private(set) var window: LookaheadWindow?
  /// The n-grams made so far.
  public private(set) var pool: NGramPool
  private var state: TextCache<Model>
  private let selector: Selector

  /// A decoder with an empty cache.
  /// - Parameters:
  ///   - contextLimit: positions to use at the most; the model's context if it is not given.
  ///   - prefillChunk: prompt tokens that one pass reads.
  /// - Throws: `LookaheadError` for a limit that the model cannot serve, or a chunk below 1.
  public init(
    model: Model, selector: Selector, configuration: LookaheadConfiguration,
    contextLimit: Int? = nil, prefillChunk: Int = 128
  ) throws {
    self.configuration = configuration
    self.selector = selector
    pool = NGramPool(configuration)
    state = try TextCache(model: model, contextLimit: contextLimit, prefillChunk: prefillChunk)
  }

  /// Prompt and settled tokens.
  public var text: [TokenID] { state.text }

  /// Positions `0 ..< contextLimit` may be used.
  public var contextLimit: Int { state.contextLimit }

  /// How many tokens of a prompt the cache holds already.
  public func cachedTokens(of prompt: [TokenID]) -> Int { state.cachedTokens(of: prompt) }

  /// Reads a prompt with the first window behind it and settles the token after the prompt.
  public mutating func start(prompt: [TokenID]) throws -> SettledTokens {
    var generator = SplitMix64(seed: configuration.seed)
    pool = NGramPool(configuration)
    if configuration.poolSources.contains(.prompt) {
      pool.insertNGrams(of: prompt, endingFrom: 0)
    }
    window =
      configuration.poolSources.contains(.window)
      ? LookaheadWindow(configuration, prompt: prompt, using: &generator) : nil
    let guesses = window?.levels[0] ?? []
    let logits = try state.read(prompt: prompt, continuation: guesses)
    if logits.rows < 1 + guesses.count {
      window = nil  // The context ends before the window does.
    } else {
      window?.advanceAfterPrompt(answers: (1..<logits.rows).map { logits.argmax(row: $0) })
    }
    let token = selector.select(from: logits, row: 0, after: state.text)
    state.settleFirst(token)
    learnFromOutput(newTokens: 1)
    return SettledTokens(tokens: [token], logits: logits, logitRows: [0], rows: logits.rows)
  }

  /// Runs one pass and settles 1 to `ngramSize` tokens.
  public mutating func step(stop: StopRules) throws -> SettledTokens {
    // 1. Lay out one pass: current token, window, candidates.
    let position = state.text.count - 1
    let current = state.text[position]
    if let window, position + window.reach >= contextLimit { self.window = nil }
    let candidates = candidates(after: current, position: position)
    let plan = PassPlan(
      current: current, position: position, window: window, candidates: candidates)

    // 2. Run it. Only the rows that decide something go through the output head.
    let frontierRows = window.map(plan.frontierRows(of:)) ?? []
    let verifiedRows = plan.roles.indices.filter { plan.roles[$0].isVerified }
    let logitRows = Array(Set(frontierRows + verifiedRows)).sorted()
    let logits = try state.run(
      tokens: plan.tokens, positions: plan.positions, mask: plan.mask(cachedCount: position),
      logitRows: logitRows)
    let logitRow = Dictionary(uniqueKeysWithValues: zip(logitRows, logitRows.indices))

    // 3. Verification branch: settle what the model would have said anyway.
    let accepted = verify(candidates, plan: plan, logits: logits, logitRow: logitRow, stop: stop)

    // 4. Lookahead branch: the top level completes one n-gram in each column.
    let frontier = frontierRows.compactMap { logitRow[$0] }.map { logits.argmax(row: $0) }
    for ngram in window?.ngrams(current: current, frontier: frontier) ?? [] { pool.insert(ngram) }
    window?.advance(frontier: frontier)

    // 5. Of this pass only the rows that tokens were chosen from stay in the cache.
    try state.settle(accepted.tokens, keepingRows: accepted.rows)
    learnFromOutput(newTokens: accepted.tokens.count)
    return SettledTokens(
      tokens: accepted.tokens, logits: logits, logitRows: accepted.rows.compactMap { logitRow[$0] },
      rows: plan.roles.count)
  }

  /// What the pool has for the current token, cut where the context ends. During warm-up nothing is
  /// verified, so that these passes are no larger than later ones.
  private func candidates(after current: TokenID, position: Int) -> [[TokenID]] {
    if let window, !window.isWarm { return [] }
    let room = contextLimit - 1 - position
    if room <= 0 { return [] }
    return pool.candidates(after: current).map { Array($0.prefix(room)) }
  }

  /// Follows the candidates for as long as the selector picks what one of them holds. The token that
  /// ends the walk, or follows a candidate matched to its end, is settled too.
  private func verify(
    _ candidates: [[TokenID]], plan: PassPlan, logits: Matrix, logitRow: [Int: Int],
    stop: StopRules
  ) -> (tokens: [TokenID], rows: [Int]) {
    var tokens: [TokenID] = []
    var rows: [Int] = []
    var surviving = Array(candidates.indices)
    var next = plan.row(of: .current)
    while let row = next, let logitRow = logitRow[row] {
      let offset = tokens.count
      let token = selector.select(from: logits, row: logitRow, after: state.text + tokens)
      tokens.append(token)
      rows.append(row)
      guard stop.accepts(tokens, generated: state.generatedCount) else { break }
      surviving.removeAll { !candidates[$0].dropFirst(offset).starts(with: [token]) }
      next = surviving.first.flatMap { plan.row(of: .candidate(index: $0, offset: offset)) }
    }
    return (tokens, rows)
  }

  private mutating func learnFromOutput(newTokens: Int) {
    guard configuration.poolSources.contains(.output) else { return }
    pool.insertNGrams(of: state.text, endingFrom: state.text.count - newTokens)
  }
}

extension RowRole {
  /// Whether a settled token may be chosen from this row's logits.
  fileprivate var isVerified: Bool {
    switch self {
    case .window: self == .current
    case .candidate: true
    }
  }
}
