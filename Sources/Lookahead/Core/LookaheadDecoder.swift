import Llama
import Tensor

/// Lookahead decoding: one pass, up to N tokens, each the one that plain decoding would have chosen.
///
/// Every pass carries three things at once under one mask: the current token; the window, which makes
/// n-grams (the lookahead branch); and n-grams made earlier that begin with the current token (the
/// verification branch). Source: arXiv:2402.02057, algorithm 2.
public struct LookaheadDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  /// W, N, G and how candidates are found.
  public let configuration: LookaheadConfiguration
  /// The lookahead branch; none where W is 0 or the context has no more room for it.
  public private(set) var window: LookaheadWindow?
  private var supply: any CandidateSupply
  private var state: TextCache<Model>
  private let selector: Selector
  /// Under the automatic schedule.
  private var sizer: PassSizer?

  /// A decoder with an empty cache.
  /// - Parameters:
  ///   - earlierTexts: texts of earlier runs, the oldest first: the source `PoolSources.file`.
  ///   - contextLimit: positions to use at the most; the model's context if it is not given.
  ///   - prefillChunk: prompt tokens that one pass reads.
  ///   - stepCost: what is known of the cost of passes, for the automatic schedule.
  ///   - clock: what passes are timed with.
  ///   - observer: who sees every pass, if anybody.
  /// - Throws: `LookaheadError` for a limit that the model cannot serve, or a chunk below 1.
  public init(
    model: Model, selector: Selector, configuration: LookaheadConfiguration,
    earlierTexts: [[TokenID]] = [], contextLimit: Int? = nil, prefillChunk: Int = 128,
    stepCost: StepCost = StepCost(), clock: PassClock = .system,
    observer: (any PassObserver)? = nil
  ) throws {
    self.configuration = configuration
    self.selector = selector
    supply =
      switch configuration.policy {
      case .standard: IndexedCandidates(configuration, earlierTexts: earlierTexts)
      case .lade: LadeCandidates(configuration)
      }
    sizer =
      configuration.schedule == .automatic
      ? PassSizer(
        cost: stepCost, clock: clock,
        windowIsOnlySource: configuration.poolSources == [.window]) : nil
    state = try TextCache(
      model: model, contextLimit: contextLimit, prefillChunk: prefillChunk, observer: observer)
  }

  /// Prompt and settled tokens.
  public var text: [TokenID] { state.text }

  /// Positions `0 ..< contextLimit` may be used.
  public var contextLimit: Int { state.contextLimit }

  /// What passes cost, as far as the automatic schedule has learnt it.
  public var stepCost: StepCost? { sizer?.cost }

  /// How many tokens of a prompt the cache holds already.
  public func cachedTokens(of prompt: [TokenID]) -> Int { state.cachedTokens(of: prompt) }

  /// Reads a prompt with the first window behind it and settles the token after the prompt.
  public mutating func start(
    prompt: [TokenID], onProgress: (PromptProgress) throws -> Void
  ) throws -> SettledTokens {
    var generator = SplitMix64(seed: configuration.seed)
    supply.begin(prompt: prompt)
    sizer?.begin()
    // Under the automatic schedule the window has to prove its worth first.
    window =
      configuration.poolSources.contains(.window) && sizer == nil
      ? LookaheadWindow(configuration, prompt: prompt, using: &generator) : nil
    let guesses = window?.levels[0] ?? []
    let read = try state.read(prompt: prompt, continuation: guesses, onProgress: onProgress)
    let logits = read.logits
    let answers = (1..<logits.rows).map { logits.argmax(row: $0) }
    if answers.count < guesses.count {
      window = nil  // The context ends before the window does.
    } else {
      window?.advanceAfterPrompt(answers: answers)
    }
    let token = try state.choose(by: selector, from: logits, row: 0)
    state.settleFirst(token)
    let outcome = PassOutcome(
      text: state.text, settledCount: 1, ngrams: [],
      answers: answers.indices.map { prompt.suffix(1) + guesses[...$0] + [answers[$0]] })
    try learn(outcome) { PassRecord(prompt: read, selected: token, frontier: answers) }
    return SettledTokens(tokens: [token], logits: logits, logitRows: [0], rows: logits.rows)
  }

  /// Runs one pass and settles 1 to `ngramSize` tokens.
  public mutating func step(stop: StopRules) throws -> SettledTokens {
    // 1. Lay out one pass: current token, window, candidates.
    let began = sizer?.now() ?? 0
    let position = state.text.count - 1
    let current = state.text[position]
    if let window, position + window.reach >= contextLimit { self.window = nil }
    let (tree, choice) = chooseCandidates()
    let plan = PassPlan(current: current, position: position, window: window, tree: tree)

    // 2. Run it. Only the rows that decide something go through the output head.
    let frontierRows = window.map(plan.frontierRows(of:)) ?? []
    let verifiedRows = plan.roles.indices.filter { plan.roles[$0].isVerified }
    let logitRows = Array(Set(frontierRows + verifiedRows)).sorted()
    let logits = try state.run(
      tokens: plan.tokens, positions: plan.positions, mask: plan.mask(cachedCount: position),
      logitRows: logitRows)
    let asked = PassAnswers(plan, logits: logits, logitRows: logitRows)

    // 3. Verification branch: settle what the model would have said anyway.
    let accepted = try asked.verify(
      select: { row, accepted in
        try state.choose(by: selector, from: logits, row: row, accepting: accepted)
      },
      goesOn: { accepted in
        stop.accepts(accepted, generated: state.generatedCount)
          && accepted.count < supply.tokensPerPass
      })

    // 4. Lookahead branch: the top level completes one n-gram in each column.
    let frontier = asked.largest(ofRows: frontierRows)
    let ngrams = window?.ngrams(current: current, frontier: frontier) ?? []
    let answers = window?.answers(current: current, frontier: frontier) ?? []
    window?.advance(frontier: frontier)

    // 5. Of this pass only the rows that tokens were chosen from stay in the cache.
    try state.settle(accepted.tokens, keepingRows: accepted.rows)
    let outcome = PassOutcome(
      text: state.text, settledCount: accepted.tokens.count, ngrams: ngrams,
      answers: answers + asked.candidateAnswers(known: selector.isGreedy ? accepted : nil))
    try learn(outcome) {
      PassRecord(
        plan, cachedCount: position, logitRows: logitRows, accepted: accepted,
        frontierRows: frontierRows, frontier: frontier)
    }
    var settled = SettledTokens(
      tokens: accepted.tokens, logits: logits,
      logitRows: accepted.rows.compactMap { asked.logitRow[$0] }, rows: plan.roles.count,
      sources: accepted.sources)
    settled.size = size(of: plan, choice)
    if let choice {
      sizer?.observe(
        rows: plan.roles.count, choice: choice, began: began, sources: accepted.sources)
    }
    return settled
  }

  /// Learns from a pass, and shows it to the observer, if there is one.
  private mutating func learn(_ outcome: PassOutcome, record: () -> PassRecord) throws {
    guard let observer = state.observer else { return supply.learn(outcome) }
    var record = record()
    record.poolAdditions = supply.additions(from: outcome)
    supply.learn(outcome)
    record.poolCount = supply.count
    record.window = window?.levels
    try observer.observe(record)
  }

  /// Takes back the last settled tokens.
  public mutating func takeBack(_ count: Int) { state.takeBack(count) }

  /// The candidates that the next pass may try: at most G of N - 1 tokens, cut where the context ends.
  public func nextCandidates() -> CandidateTree { laidOut(grownTree()) }

  private func grownTree() -> CandidateTree {
    if let window, !window.isWarm, supply.waitsForWindow { return CandidateTree() }
    let limits = CandidateTree.Limits(
      rows: sizer?.largestTree ?? .max,
      candidates: configuration.candidatesPerToken,
      length: min(configuration.ngramSize - 1, contextLimit - state.text.count))
    return supply.candidates(after: state.text, within: limits)
  }

  private func laidOut(_ tree: CandidateTree) -> CandidateTree {
    switch configuration.candidateLayout {
    case .tree: tree
    case .separate: tree.separated
    }
  }

  /// The candidates of this pass. Under the automatic schedule the window comes or goes as well; one
  /// that comes back starts from the text as it is now.
  private mutating func chooseCandidates() -> (CandidateTree, PassSizer.Choice?) {
    let tree = grownTree()
    let position = state.text.count - 1
    let reach = configuration.windowSize + configuration.windowNgramSize
    let windowRows =
      position + reach < contextLimit ? LookaheadWindow.rows(configuration) : nil
    let layout = configuration.candidateLayout
    guard let choice = sizer?.choose(from: tree, layout: layout, windowRows: windowRows) else {
      return (laidOut(tree), nil)
    }
    if !choice.carriesWindow {
      window = nil
    } else if window == nil {
      var generator = SplitMix64(seed: configuration.seed &+ UInt64(state.text.count))
      window = LookaheadWindow(configuration, prompt: state.text, using: &generator)
    }
    return (laidOut(tree.best(rows: choice.nodes)), choice)
  }

  private func size(of plan: PassPlan, _ choice: PassSizer.Choice?) -> PassSize {
    PassSize(
      windowRows: plan.roles.count - 1 - plan.tree.nodes.count,
      candidateRows: plan.tree.nodes.count, candidates: plan.tree.candidates.count,
      expectedTokens: choice?.expectedTokens ?? plan.tree.expectedTokens,
      expectedMilliseconds: sizer?.cost.milliseconds(rows: plan.roles.count))
  }
}
