import Llama
import Tensor

/// Lookahead decoding: one pass, up to N tokens, each the one that plain decoding would have chosen.
///
/// Every pass computes three things under one mask: the row of the current token; the window, which
/// generates n-grams (the lookahead branch); and candidates, which are verified (the verification
/// branch). Source: arXiv:2402.02057, algorithm 2; in plain code `TextbookLookahead`.
public struct LookaheadDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  public let model: Model
  public let clock: PassClock
  /// W, N, G and how candidates are found.
  public let configuration: LookaheadConfiguration
  /// The lookahead branch; nil where W is 0, where the schedule leaves it out, or where the context
  /// has no more room for it.
  public private(set) var window: LookaheadWindow?
  private var drafter: any Drafter
  private var state: TextState<Model.Cache>
  private let selector: Selector
  /// Of the automatic schedule.
  private var sizer: PassSizer?
  private var planned: PlannedPass?

  private struct PlannedPass {
    enum Content {
      case prompt(TextState<Model.Cache>.PromptChunk)
      case step(
        PassPlan, size: PassSize, choice: PassSizer.Choice?, expected: [DraftOrigin: Double])
    }

    let request: PassRequest
    let content: Content
    let milliseconds: Double
  }

  /// A decoder with an empty cache.
  /// - Parameters:
  ///   - drafter: proposes the candidates; several are combined by `CombinedDrafter`.
  ///   - contextLimit: positions to use at most; the model's context length by default.
  ///   - prefillChunk: prompt tokens that one pass reads.
  ///   - stepCost: what is known of the cost of passes, for the automatic schedule.
  ///   - clock: what passes are timed with.
  ///   - observer: receives every pass.
  /// - Throws: `LookaheadError` for a limit beyond the model's, or a chunk below 1.
  public init(
    model: Model, selector: Selector, configuration: LookaheadConfiguration,
    drafter: any Drafter, contextLimit: Int? = nil, prefillChunk: Int = 128,
    stepCost: StepCost = StepCost(), clock: PassClock = .system,
    observer: (any PassObserver)? = nil
  ) throws {
    self.model = model
    self.clock = clock
    self.configuration = configuration
    self.selector = selector
    self.drafter = drafter
    if configuration.schedule == .automatic {
      sizer = PassSizer(cost: stepCost, windowIsOnlySource: configuration.poolSources == [.window])
    }
    state = try TextState(
      model: model, contextLimit: contextLimit, prefillChunk: prefillChunk, observer: observer)
  }

  public var text: [TokenID] { state.text }
  public var contextLimit: Int { state.contextLimit }
  public var stepCost: StepCost? { sizer?.cost }
  public var draftMemory: DraftMemory? { drafter.memory }
  public var others: OtherTexts {
    get { sizer?.others ?? .none }
    set { sizer?.others = newValue }
  }
  public var cache: Model.Cache {
    get { state.cache }
    _modify { yield &state.cache }
  }

  public func cachedTokens(of prompt: [TokenID]) -> Int { state.cachedTokens(of: prompt) }

  public mutating func begin(prompt: [TokenID]) throws {
    planned = nil
    try state.begin(prompt: prompt)
    try drafter.begin(prompt: prompt)
    sizer?.begin()
    // Under the automatic schedule the window starts when it is found to pay.
    window = nil
    if sizer == nil { restartWindow(seed: configuration.seed) }
  }

  /// A first window, drawn from the text so far; nil where the window is no source of candidates.
  private mutating func restartWindow(seed: UInt64) {
    guard configuration.poolSources.contains(.window) else { return }
    var generator = SplitMix64(seed: seed)
    window = LookaheadWindow(configuration, prompt: state.text, using: &generator)
  }

  public mutating func plan() throws -> PassRequest {
    let began = clock.now()
    let (request, content) = try state.readsPrompt ? planPrompt() : planStep()
    planned = PlannedPass(request: request, content: content, milliseconds: clock.now() - began)
    return request
  }

  private func planPrompt() throws -> (PassRequest, PlannedPass.Content) {
    let chunk = try state.promptChunk(speculative: window?.levels[0] ?? [])
    return (chunk.request, .prompt(chunk))
  }

  private mutating func planStep() throws -> (PassRequest, PlannedPass.Content) {
    let position = state.position
    if let window, position + window.reach >= contextLimit { self.window = nil }
    let drafted = try draft()
    let choice = chooseSize(drafted)
    let tree = choice.map { drafted.first($0.nodes) } ?? drafted
    let plan = PassPlan(
      current: state.text[position], position: position, window: window,
      tree: tree.laidOut(configuration.candidateLayout))
    let size = PassSize(
      windowRows: plan.roles.count - 1 - plan.tree.nodes.count,
      candidateRows: plan.tree.nodes.count, candidates: plan.tree.leaves.count,
      expectedTokens: choice?.expectedTokens ?? tree.expectedTokens,
      expectedMilliseconds: sizer?.expectedMilliseconds(rows: plan.roles.count))
    return (
      plan.request, .step(plan, size: size, choice: choice, expected: tree.expectedByOrigin)
    )
  }

  /// The candidates behind the text: at most G of N - 1 tokens, cut where the context ends.
  private mutating func draft() throws -> CandidateTree {
    let budget = DraftBudget(
      nodes: sizer?.largestTree ?? .max, candidates: configuration.candidatesPerToken,
      length: min(configuration.ngramSize - 1, contextLimit - state.text.count))
    return try drafter.propose(after: state.text, within: budget)
      .limited(to: budget, vocabularySize: model.vocabularySize)
  }

  /// Under the automatic schedule chooses the size of a pass. The window comes or goes as well; one
  /// that comes back starts from the text as it is now.
  private mutating func chooseSize(_ tree: CandidateTree) -> PassSizer.Choice? {
    let layout = configuration.candidateLayout
    let reach = configuration.windowSize + configuration.windowNgramSize
    let windowRows =
      state.position + reach < contextLimit ? LookaheadWindow.rows(configuration) : nil
    guard let choice = sizer?.choose(from: tree, layout: layout, windowRows: windowRows) else {
      return nil
    }
    if !choice.carriesWindow {
      window = nil
    } else if window == nil {
      restartWindow(seed: configuration.seed &+ UInt64(state.text.count))
    }
    return choice
  }

  public mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted {
    guard let pass = planned else { throw LookaheadError.noPlannedPass }
    try output.check(against: pass.request)
    switch pass.content {
    case .prompt(let chunk):
      return try commit(chunk, pass.request, output.logits)
    case .step(let plan, let size, let choice, let expected):
      let began = clock.now()
      var accepted = try commit(plan, pass.request, output.logits, stop: stop, size: size)
      if let choice {
        let spent = pass.milliseconds + clock.now() - began
        sizer?.observe(
          rows: plan.roles.count, otherRows: output.otherRows, choice: choice,
          origins: accepted.origins, milliseconds: output.milliseconds.map { $0 + spent })
      }
      accepted.expectedDrafts = expected
      return accepted
    }
  }

  private mutating func commit(
    _ chunk: TextState<Model.Cache>.PromptChunk, _ request: PassRequest, _ logits: Matrix
  ) throws -> Accepted {
    let committed = Array(0..<chunk.committedCount)
    guard chunk.isLast, let current = request.logitRows.first else {
      planned = nil
      try state.cache.keep(newRows: committed)
      try state.observer?.observe(
        PassRecord(
          kind: .prompt, request: request, accepted: [], acceptedRows: [],
          committedRows: committed))
      return Accepted(tokens: [], logits: logits, logitRows: [], rows: 0, origins: [])
    }
    let token = try state.choose(by: selector, from: logits, row: 0)
    planned = nil
    let predictions = (1..<logits.rows).map { logits.argmax(row: $0) }
    try state.cache.keep(newRows: committed)
    state.accept([token])
    let speculative = request.tokens[chunk.committedCount...]
    var ngrams: [[TokenID]] = []
    if predictions.count < window?.levels[0].count ?? 0 {
      window = nil  // The context ends before the window does.
    } else if var window {
      // A window of one level, for N = 2, is warm already.
      ngrams = window.ngrams(
        current: request.tokens[current], frontier: [logits.argmax(row: 0)] + predictions)
      window.advanceAfterPrompt(predictions: predictions)
      self.window = window
    }
    let drafted = DraftedPass(
      text: state.text, acceptedCount: 1, request: request, logits: logits, ngrams: ngrams,
      predictions: zip(speculative.indices, predictions).map { index, prediction in
        Array(request.tokens[current...index]) + [prediction]
      },
      isWarmingUp: window.map { !$0.isWarm } ?? false)
    let roles = request.logitRows.map { RowRole.window(level: 0, column: $0 - current) }
    try learn(
      drafted, kind: .prompt, rows: [current], committed: committed, roles: roles,
      frontier: (Array(request.logitRows.dropFirst()), predictions))
    return Accepted(
      tokens: [token], logits: logits, logitRows: [0], rows: logits.rows, origins: [nil])
  }

  private mutating func commit(
    _ plan: PassPlan, _ request: PassRequest, _ logits: Matrix, stop: StopRules, size: PassSize
  ) throws -> Accepted {
    // Verification branch: accept what the model itself would have generated.
    let predictions = PassPredictions(plan, request: request, logits: logits)
    let limit = configuration.tokensPerPass
    let accepted = try predictions.verify(
      select: { row, accepted in
        try state.choose(by: selector, from: logits, row: row, accepting: accepted)
      },
      continues: { accepted in
        stop.accepts(accepted, generated: state.generatedCount) && accepted.count < limit
      })

    // Lookahead branch: the top level completes one n-gram in each column.
    let frontier = predictions.predictions(ofRows: plan.frontierRows)
    let ngrams = window?.ngrams(current: plan.tokens[0], frontier: frontier) ?? []
    let columns = window?.predictions(current: plan.tokens[0], frontier: frontier) ?? []
    window?.advance(frontier: frontier)

    // Of this pass only the rows that tokens were chosen from stay in the cache.
    planned = nil
    try state.cache.keep(newRows: accepted.rows)
    state.accept(accepted.tokens)
    let drafted = DraftedPass(
      text: state.text, acceptedCount: accepted.tokens.count, request: request, logits: logits,
      ngrams: ngrams,
      predictions: columns
        + predictions.candidatePredictions(known: selector.isGreedy ? accepted : nil),
      isWarmingUp: window.map { !$0.isWarm } ?? false)
    try learn(
      drafted, kind: .step, rows: accepted.rows, committed: accepted.rows, roles: plan.roles,
      tree: plan.tree, frontier: (plan.frontierRows, frontier))
    return Accepted(
      tokens: accepted.tokens, logits: logits,
      logitRows: accepted.rows.compactMap { predictions.logitRow[$0] }, rows: plan.roles.count,
      origins: accepted.origins, size: size)
  }

  /// Tells the drafter of a pass, and the observer.
  /// - Parameter rows: for each accepted token the row that it was chosen from.
  private mutating func learn(
    _ pass: DraftedPass, kind: PassRecord.Kind, rows: [Int], committed: [Int], roles: [RowRole],
    tree: CandidateTree = CandidateTree(), frontier: (rows: [Int], tokens: [TokenID])
  ) throws {
    guard let observer = state.observer else { return try drafter.learn(from: pass) }
    let additions = drafter.additions(from: pass)
    try drafter.learn(from: pass)
    let record = LookaheadRecord(
      roles: roles, tree: tree, frontierRows: frontier.rows, frontier: frontier.tokens,
      window: window?.levels, additions: additions, entryCount: drafter.entryCount)
    try observer.observe(
      PassRecord(
        kind: kind, request: pass.request, accepted: Array(pass.accepted), acceptedRows: rows,
        committedRows: committed, lookahead: record))
  }

  public mutating func rollBack(_ count: Int) { state.rollBack(count) }

  /// The candidates that the next pass may verify, without planning one.
  public func nextCandidates() throws -> CandidateTree {
    var copy = self
    return try copy.draft().laidOut(configuration.candidateLayout)
  }
}
