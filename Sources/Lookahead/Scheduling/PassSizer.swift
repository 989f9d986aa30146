/// Chooses how many rows a pass has: as many as accept the most tokens per second, as estimated from
/// the passes so far.
///
///     tokens per second ∝ (1 + c · Σ path probabilities + g) / cost(1 + window rows + candidate rows)
///
/// The sum is over the nodes of the candidate tree, the likeliest first; c is the ratio of accepted to
/// expected tokens (`calibration`); g is the window's gain, where the pass carries it (`WindowGain`).
/// The extra cost never exceeds the savings so far plus a small allowance (`budget`). The text does not
/// depend on any of it.
struct PassSizer: Sendable {
  struct Choice: Equatable, Sendable {
    let carriesWindow: Bool
    /// The first nodes of the tree.
    let nodes: Int
    let expectedTokens: Double

    static let plain = Choice(carriesWindow: false, nodes: 0, expectedTokens: 1)
  }

  /// Nodes of a tree at most.
  static let nodeLimit = 32
  /// Plain passes that a text may lose against plain decoding: so many, and as many more for each of its
  /// passes.
  static let allowance = (atFirst: 0.3, eachPass: 0.01)
  /// The number of passes that the prior of the window's gain counts for, and that the window stays or is
  /// absent at least.
  static let priorPasses = 12
  /// The number of tokens that the prior of the calibration, 1, counts for.
  static let priorTokens = 4.0
  /// What estimates from earlier passes are multiplied by in each pass.
  static let decay = 0.98
  /// After so many passes of several rows, times their rate, a pass of one row measures the level of the
  /// cost; after so many passes of one row, or half of the text's, the likeliest draft is verified, to
  /// measure the cost of a second row.
  static let measuringInterval = 32

  private(set) var cost: StepCost
  /// The other texts in the same passes: what this text's rows cost is what they add to those, and they
  /// delay the tokens of all.
  var others = OtherTexts.none
  private let windowIsOnlySource: Bool
  private var gain: WindowGain
  /// Tokens that candidates were expected to yield, and those that they did.
  private var drafted = (expected: 0.0, accepted: 0.0)
  private var carriesWindow = false
  private var passesSinceSwitch: Int
  private var passesSincePlain = 0
  private var passesSinceLarger = 0
  /// Passes of the text, and the savings: accepted tokens less the cost, in plain passes.
  private var ledger = (passes: 0.0, savings: 0.0)

  /// - Parameter windowIsOnlySource: whether all candidates come from the window; then it is tried at
  ///   once.
  init(cost: StepCost, windowIsOnlySource: Bool = false) {
    self.cost = cost
    self.windowIsOnlySource = windowIsOnlySource
    gain = WindowGain(isOnlySource: windowIsOnlySource)
    passesSinceSwitch = windowIsOnlySource ? PassSizer.priorPasses : 0
  }

  /// The ratio of accepted to expected tokens.
  var calibration: Double {
    let prior = PassSizer.priorTokens
    return (drafted.accepted + prior) / (drafted.expected + prior)
  }

  /// The most that a pass may cost beyond a plain one, as a multiple of it.
  var budget: Double {
    let allowance = PassSizer.allowance
    return ledger.savings + allowance.atFirst + allowance.eachPass * ledger.passes
  }

  /// Whether a pass of so many rows is within the budget, and within twice the rows of the largest pass
  /// that was timed: the cost of larger ones is unknown.
  private func isAffordable(_ rows: Int) -> Bool {
    if rows == 1 { return true }
    // Without the window there would never be a larger pass to time.
    let largest = cost.points.last?.rows ?? (windowIsOnlySource ? rows : 1)
    return rows + others.rows <= 2 * max(largest, 1 + others.rows)
      && delay(rows: rows) <= budget
  }

  /// What the rows beyond one cost, in tokens of all texts that are made later.
  private func delay(rows: Int) -> Double { (ratio(rows: rows) - 1) * (1 + others.tokens) }

  /// The cost of a pass with so many rows of this text as a multiple of one with a single row of it,
  /// beside those of other texts.
  private func ratio(rows: Int) -> Double {
    others.rows == 0
      ? cost.ratio(rows: rows)
      : cost.ratio(rows: rows + others.rows) / cost.ratio(rows: 1 + others.rows)
  }

  /// Milliseconds of a pass with so many rows of this text; nil while nothing was measured.
  func expectedMilliseconds(rows: Int) -> Double? { cost.milliseconds(rows: rows + others.rows) }

  /// Nodes that a tree may have: further ones would not be verified.
  var largestTree: Int {
    (1...PassSizer.nodeLimit).prefix { isAffordable(1 + $0) }.last ?? (cost.isUncertain ? 1 : 0)
  }

  /// Begins a text, with savings of its own.
  mutating func begin() { ledger = (0, 0) }

  /// - Parameters:
  ///   - tree: all candidates, the likeliest nodes first.
  ///   - layout: which rows they will have.
  ///   - windowRows: rows of a window beside the current token; nil where there can be none.
  mutating func choose(
    from tree: CandidateTree, layout: LookaheadConfiguration.CandidateLayout = .tree,
    windowRows: Int?
  ) -> Choice {
    // Without a level no cost can be estimated.
    if cost.level == nil { return .plain }
    let rows = tree.rowCounts(layout)
    let without = best(tree, rows, windowRows: 0)
    let with = windowRows.map { best(tree, rows, windowRows: $0) }
    switchWindow(with: with?.rate, without: without.rate)
    if carriesWindow, let with, let windowRows, isAffordable(1 + windowRows) { return with.choice }
    let interval = Double(PassSizer.measuringInterval)
    if Double(passesSincePlain) >= interval * without.rate { return .plain }
    if without.choice.nodes == 0, isAffordable(2) || cost.isUncertain, let node = tree.nodes.first,
      Double(passesSinceLarger) >= min(interval, ledger.passes / 2)
    {
      return Choice(
        carriesWindow: false, nodes: 1, expectedTokens: 1 + calibration * node.pathProbability)
    }
    return without.choice
  }

  /// The best size of a pass with or without the window, and its tokens per plain pass.
  ///
  /// The gain of the window decides whether a pass carries it, not how many nodes it has: it is made in
  /// later passes.
  private func best(
    _ tree: CandidateTree, _ rows: [Int], windowRows: Int
  ) -> (choice: Choice, rate: Double) {
    var best = (nodes: 0, tokens: 1.0, rate: 0.0)
    var sum = 0.0
    for nodes in 0...tree.nodes.count {
      if nodes > 0 { sum += tree.nodes[nodes - 1].pathProbability }
      let size = 1 + windowRows + rows[nodes]
      // Further nodes only make it larger.
      if !isAffordable(size) { break }
      let expected = 1 + calibration * sum
      let rate = rate(tokens: expected, rows: size)
      if rate > best.rate { best = (nodes, expected, rate) }
    }
    let choice = Choice(
      carriesWindow: windowRows > 0, nodes: best.nodes, expectedTokens: best.tokens)
    if windowRows == 0 { return (choice, best.rate) }
    let rows = 1 + windowRows + rows[best.nodes]
    return (
      choice,
      isAffordable(1 + windowRows) ? rate(tokens: best.tokens + gain.tokens, rows: rows) : 0
    )
  }

  /// Tokens of all texts per plain pass, as a multiple of those of plain passes.
  private func rate(tokens: Double, rows: Int) -> Double {
    (tokens + others.tokens) / (1 + others.tokens) / ratio(rows: rows)
  }

  private mutating func switchWindow(with: Double?, without: Double) {
    passesSinceSwitch += 1
    guard let with else {
      carriesWindow = false
      return
    }
    // Until rows were measured to be cheap there is no window.
    if cost.isUnknown, !windowIsOnlySource { return }
    if passesSinceSwitch >= PassSizer.priorPasses, carriesWindow != (with > without) {
      carriesWindow.toggle()
      passesSinceSwitch = 0
    }
  }

  /// Takes a committed pass.
  /// - Parameters:
  ///   - rows: of this text.
  ///   - otherRows: of others in the pass.
  ///   - origins: for each accepted token where it was drafted.
  ///   - milliseconds: what the pass took; nil where it was not timed.
  mutating func observe(
    rows: Int, otherRows: Int = 0, choice: Choice, origins: [DraftOrigin?],
    milliseconds: Double?
  ) {
    if let milliseconds { cost.observe(rows: rows + otherRows, milliseconds: milliseconds) }
    ledger.passes += 1
    ledger.savings += Double(origins.count) - 1 - delay(rows: rows)
    passesSincePlain = rows == 1 ? 0 : passesSincePlain + 1
    passesSinceLarger = rows == 1 ? passesSinceLarger + 1 : 0
    gain.observe(
      fromPredictions: origins.count { $0 == .window }, carriedWindow: choice.carriesWindow)
    if choice.nodes > 0 {
      drafted.expected =
        drafted.expected * PassSizer.decay + (choice.expectedTokens - 1) / calibration
      drafted.accepted =
        drafted.accepted * PassSizer.decay + Double(origins.count { $0 != nil })
    }
  }
}
