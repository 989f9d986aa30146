/// Chooses how many rows a pass has: those that settle the most tokens a second, as far as is known.
///
///     tokens a second ∝ (1 + c · Σ path probabilities + v · candidate rows + g)
///                         / cost(1 + window rows + candidate rows)
///
/// The sum goes over the nodes of the candidate tree, best first; c is how well such sums have
/// foretold what was accepted; v is `answerWorth`; g is what the window is worth where it is carried (`WindowGain`).
/// Never more is staked than was won, and a little (`stake`). The text cannot depend on any of it.
struct PassSizer: Sendable {
  /// What is chosen for a pass.
  struct Choice: Equatable, Sendable {
    let carriesWindow: Bool
    /// Nodes of the tree, the best.
    let nodes: Int
    let expectedTokens: Double
  }

  private(set) var cost: StepCost
  private let windowIsOnlySource: Bool
  private var gain: WindowGain
  /// Tokens that candidates were expected to settle, and those that they did.
  private var foretold = (expected: 0.0, accepted: 0.0)
  private var carriesWindow = false
  private var passesSinceSwitch: Int
  private var passesSincePlain = 0
  private var passesSinceLarger = 0
  /// Passes so far, and by how many plain passes what they settled was worth more than they cost.
  private var ledger = (passes: 0.0, won: 0.0)

  /// Nodes of a tree at the most.
  static let nodeLimit = 32
  /// How many tokens the belief is worth that sums of probabilities are right.
  private static let calibrationWeight = 4.0
  /// How many times a plain pass's tokens a second a larger one must promise: below that the promise
  /// is within what estimates are wrong by.
  private static let leastPromise = 1.02
  /// Tokens of later passes that a row of candidates is worth beside its own: right or wrong, its
  /// answer becomes a guess.
  private static let answerWorth = 0.015
  /// Plain passes that may be lost at most: so many, and as many more for each pass of the text. A
  /// short text in which no guess is right is bounded by the first, a long one by the second.
  static let losable = (atFirst: 0.3, eachPass: 0.01)
  /// Passes between two looks at whether the window should come or go.
  private static let windowTrial = 12
  /// Passes after which a pass of one row is run where little is lost, and where much is: the level
  /// of the cost must stay known.
  private static let plainInterval = (calm: 32, atTheLatest: 128)
  /// Passes after which dear rows are tried again.
  private static let longestPlainRun = 64.0

  /// - Parameters:
  ///   - windowIsOnlySource: whether all candidates come from the window; then it need not wait.
  init(cost: StepCost, windowIsOnlySource: Bool = false) {
    self.cost = cost
    self.windowIsOnlySource = windowIsOnlySource
    gain = WindowGain(isOnlySource: windowIsOnlySource)
    passesSinceSwitch = windowIsOnlySource ? PassSizer.windowTrial : 0
  }

  /// How well sums of probabilities have foretold what was accepted.
  var calibration: Double {
    let weight = PassSizer.calibrationWeight
    return (foretold.accepted + weight) / (foretold.expected + weight)
  }

  /// What a pass may cost beyond a plain one, as a multiple of it: what has been won so far and what
  /// may be lost. For a pass settles a token in any case.
  var stake: Double {
    let losable = PassSizer.losable
    return ledger.won + losable.atFirst + losable.eachPass * ledger.passes
  }

  /// Whether a pass of so many rows stays within the stake, and within twice the rows of the largest
  /// that was timed: what larger ones cost is a guess.
  private func isAffordable(_ rows: Int) -> Bool {
    if rows == 1 { return true }
    // Without the window there would never be a larger pass to time.
    let largest = cost.points.last?.rows ?? (windowIsOnlySource ? rows : 1)
    return rows <= 2 * largest && cost.ratio(rows: rows) - 1 <= stake
  }

  /// Nodes that a tree may have: further ones could not be tried, so they need not be looked for.
  var largestTree: Int {
    (1...PassSizer.nodeLimit).prefix { isAffordable(1 + $0) }.last ?? 0
  }

  /// Begins a text: what earlier ones have won is not to be lost in it.
  mutating func begin() { ledger = (0, 0) }

  /// Chooses a size.
  /// - Parameters:
  ///   - tree: all candidates, grown best first.
  ///   - layout: which rows they will have.
  ///   - windowRows: rows of a window beside the current token; nothing where there can be none.
  mutating func choose(
    from tree: CandidateTree, layout: LookaheadConfiguration.CandidateLayout = .tree,
    windowRows: Int?
  ) -> Choice {
    // Before anything else: what a plain pass costs here.
    if cost.level == nil { return Choice(carriesWindow: false, nodes: 0, expectedTokens: 1) }
    var sums = [0.0]
    for node in tree.nodes { sums.append(sums[sums.count - 1] + node.pathProbability) }
    let rows = tree.rowCounts(layout)
    func best(rowsBeside: Int, gain: Double, optimism: Double = 1) -> (choice: Choice, rate: Double)
    {
      var (nodes, best, tokens) = (0, 0.0, 1.0)
      for (count, sum) in sums.enumerated() {
        let expected = 1 + calibration * sum
        let size = 1 + rowsBeside + rows[count]
        // Further nodes only make it larger.
        if !isAffordable(size) { break }
        let excess = cost.ratio(rows: size) - 1
        let worth = expected + gain + PassSizer.answerWorth * Double(count)
        let ratio = 1 + excess * optimism
        let bar = nodes == 0 && count > 0 ? best * PassSizer.leastPromise : best
        if worth / ratio > bar { (nodes, best, tokens) = (count, worth / ratio, expected) }
      }
      return (
        Choice(carriesWindow: rowsBeside > 0, nodes: nodes, expectedTokens: tokens), best
      )
    }
    let without = best(rowsBeside: 0, gain: 0)
    chooseWindow(
      windowRows.map { best(rowsBeside: $0, gain: gain.tokens).rate }, without: without.rate)
    if carriesWindow, let windowRows, isAffordable(1 + windowRows) {
      return best(rowsBeside: windowRows, gain: 0).choice
    }

    let (calm, latest) = PassSizer.plainInterval
    let isDue = passesSincePlain >= (without.rate < 1.3 ? calm : latest)
    if isDue { return Choice(carriesWindow: false, nodes: 0, expectedTokens: 1) }
    // Where little is known of larger passes, they are tried again soon.
    let known = cost.points.reduce(0) { $0 + $1.weight }
    let patience = min(PassSizer.longestPlainRun, 6 + 4 * known)
    if without.choice.nodes == 0, Double(passesSinceLarger) >= patience {
      return best(rowsBeside: 0, gain: 0, optimism: 0.3).choice
    }
    return without.choice
  }

  private mutating func chooseWindow(_ with: Double?, without: Double) {
    passesSinceSwitch += 1
    guard let with else {
      carriesWindow = false
      return
    }
    // Until rows were seen to be cheap there is no window.
    if cost.isUnknown, !windowIsOnlySource { return }
    if passesSinceSwitch < PassSizer.windowTrial { return }
    if carriesWindow != (with > without) {
      carriesWindow.toggle()
      passesSinceSwitch = 0
    }
  }

  /// Takes in what a pass has shown.
  mutating func observe(
    rows: Int, choice: Choice, origins: [DraftOrigin?], milliseconds: Double?
  ) {
    if let milliseconds { cost.observe(rows: rows, milliseconds: milliseconds) }
    ledger.passes += 1
    ledger.won += Double(origins.count) - cost.ratio(rows: rows)
    passesSincePlain = rows == 1 ? 0 : passesSincePlain + 1
    passesSinceLarger = rows == 1 ? passesSinceLarger + 1 : 0
    gain.observe(
      settledFromAnswers: origins.count { $0 == .window }, carriedWindow: choice.carriesWindow)
    if choice.nodes > 0 {
      foretold.expected = foretold.expected * 0.98 + (choice.expectedTokens - 1) / calibration
      foretold.accepted = foretold.accepted * 0.98 + Double(origins.count { $0 != nil })
    }
  }
}
