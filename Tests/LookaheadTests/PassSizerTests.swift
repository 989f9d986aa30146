import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The automatic schedule, on virtual clocks.
@Suite struct PassSizerTests {
  /// The passes and time of a text on a virtual clock.
  struct Run {
    var milliseconds = 0.0
    var tokens: [TokenID] = []
    var sizes: [PassSize] = []
    var acceptedCounts: [Int] = []
    var cost: StepCost?
  }

  static func run(
    _ script: RepeatingScript, _ curve: MeasuredCurve, _ configuration: LookaheadConfiguration,
    count: Int = 120, cost: StepCost = StepCost()
  ) throws -> Run {
    let clock = SimulatedClock()
    let model = SimulatedModel(script.model, clock: clock, curve: try curve.curve)
    var decoder = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: configuration, stepCost: cost,
      clock: clock.clock)
    var run = Run()
    _ = try decoder.generate(
      prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: count)
    ) { accepted in
      if let size = accepted.size {
        run.sizes.append(size)
        run.acceptedCounts.append(accepted.tokens.count)
        #expect(size.rows == accepted.rows)
      } else {
        run.milliseconds = -clock.clock.now()
      }
      run.tokens += accepted.tokens
      return .proceed
    }
    run.milliseconds += clock.clock.now()
    run.cost = decoder.stepCost
    return run
  }

  static func configuration(
    _ schedule: LookaheadConfiguration.Schedule = .automatic, window: Int? = nil
  ) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(windowSize: window, schedule: schedule)
  }

  @Test(
    "Never slower than plain decoding by more than the cost of exploration, on any curve and text",
    arguments: MeasuredCurve.allCases, [UInt64](1...12))
  func neverSlower(curve: MeasuredCurve, seed: UInt64) throws {
    // With a larger vocabulary the text repeats less.
    let script = RepeatingScript(seed: seed, vocabularySize: seed % 2 == 0 ? 20 : 400)
    let run = try Self.run(script, curve, Self.configuration())
    let plain = try Double(run.tokens.count - 1) * curve.curve.milliseconds(rows: 1)
    #expect(plain / run.milliseconds > 0.93, "\(curve), seed \(seed)")
    // With the cost of an earlier run there is less to explore.
    let again = try Self.run(script, curve, Self.configuration(), cost: run.cost ?? StepCost())
    #expect(
      plain / again.milliseconds > (curve == .noGain ? 0.93 : 0.97),
      "\(curve), seed \(seed), known cost")
    #expect(again.tokens == run.tokens)
  }

  @Test("A busy moment while the first larger pass was timed does not end speculation")
  func spoiltMeasurement() throws {
    // As an earlier run has left it: one pass of two rows, which something else held up.
    let spoilt = try #require(
      StepCost(level: 18.3, points: [StepCost.Point(rows: 2, ratio: 3.1, weight: 1)]))
    let script = RepeatingScript(seed: 3)
    let run = try Self.run(script, .float32, Self.configuration(), cost: spoilt)
    let known = try Self.run(script, .float32, Self.configuration())
    #expect(run.tokens == known.tokens)
    #expect(run.milliseconds < 1.25 * known.milliseconds)
  }

  @Test("Repeating texts are generated faster if rows are cheap")
  func faster() throws {
    var speedUps: [Double] = []
    for seed in UInt64(1)...6 {
      let script = RepeatingScript(seed: seed, vocabularySize: 20)
      let run = try Self.run(script, .float32, Self.configuration())
      let plain =
        try Double(run.tokens.count - 1) * MeasuredCurve.float32.curve.milliseconds(rows: 1)
      speedUps.append(plain / run.milliseconds)
    }
    #expect(speedUps.allSatisfy { $0 > 1.05 }, "\(speedUps)")
    #expect(speedUps.reduce(0, +) / 6 > 1.1, "\(speedUps)")
  }

  @Test("If a row costs as much as a pass, passes become plain")
  func plainPasses() throws {
    let script = RepeatingScript(seed: 2, vocabularySize: 400)
    let run = try Self.run(script, .noGain, Self.configuration())
    let later = run.sizes.dropFirst(20)
    #expect(later.count { $0.rows > 1 } * 20 < later.count)
    #expect(run.sizes.allSatisfy { $0.windowRows == 0 })
  }

  @Test("Expensive rows are tried again after a temporary load of the machine")
  func looksAgain() throws {
    let busy = try #require(
      StepCost(level: 18.7, points: [StepCost.Point(rows: 4, ratio: 4, weight: 20)]))
    let script = RepeatingScript(seed: 4, vocabularySize: 20)
    let run = try Self.run(script, .float32, Self.configuration(), count: 400, cost: busy)
    #expect(run.sizes.suffix(50).count { $0.rows > 1 } > 20)
  }

  @Test("A pass has the window if rows are free, with the number of rows of its sizes")
  func window() throws {
    let free = try #require(
      StepCost(level: 18.7, points: [StepCost.Point(rows: 32, ratio: 1.001, weight: 20)]))
    let script = RepeatingScript(seed: 3, vocabularySize: 20)
    let clock = SimulatedClock()
    let flat = try #require(CostCurve([.init(rows: 1, milliseconds: 10)]))
    let model = SimulatedModel(script.model, clock: clock, curve: flat)
    var decoder = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: Self.configuration(),
      stepCost: free, clock: clock.clock)
    var rows: Set<Int> = []
    _ = try decoder.generate(
      prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: 200)
    ) { accepted in
      if let size = accepted.size { rows.insert(size.windowRows) }
      return .proceed
    }
    // None; the first level; W · (N - 1) less the current token.
    #expect(rows.isSubset(of: [0, 3, 5]) && rows.contains(5))
  }

  @Test("Nodes are taken while each adds more expected tokens than its row costs")
  func bestNodes() throws {
    let cost = try #require(
      StepCost(
        level: 10,
        points: [
          StepCost.Point(rows: 2, ratio: 1.1, weight: 20),
          StepCost.Point(rows: 11, ratio: 2, weight: 20),
        ]))
    let tree = CandidateTree(within: DraftBudget(nodes: 10, length: 10)) { _ in
      // A chain of nodes, each half as likely as the one before.
      [Proposal(token: 7, origin: .prompt, matchLength: 1, rank: 0, probability: 0.5)]
    }
    var sizer = PassSizer(cost: cost)
    let choice = sizer.choose(from: tree, windowRows: nil)
    let rates = (0...10).map { count in
      (1...10).prefix(count).reduce(1.0) { $0 + 1 / Double(1 << $1) } / cost.ratio(rows: 1 + count)
    }
    #expect(choice.nodes == rates.firstIndex(of: rates.max() ?? 0))
    #expect((1...4).contains(choice.nodes))
    #expect(!choice.carriesWindow)
  }

  @Test("Drafts that are never right cost no more than the allowance", arguments: [UInt64](1...4))
  func bounded(seed: UInt64) throws {
    for curve in MeasuredCurve.allCases {
      let milliseconds = try curve.curve.milliseconds(rows:)
      // Costs are known; every node has a high estimate, and none is right.
      let points = (2...64).map {
        StepCost.Point(rows: $0, ratio: milliseconds($0) / milliseconds(1), weight: 20)
      }
      let cost = try #require(StepCost(level: milliseconds(1), points: points))
      let clock = SimulatedClock()
      var sizer = PassSizer(cost: cost)
      let tree = CandidateTree(within: DraftBudget(nodes: 32, length: 8)) { _ in
        [Proposal(token: 7, origin: .prompt, matchLength: 1, rank: 0, probability: 0.9)]
      }
      var generator = SeededGenerator(seed: seed)
      sizer.begin()
      for passes in 1...300 {
        let windowRows = Bool.random(using: &generator) ? 5 : nil
        let choice = sizer.choose(from: tree, windowRows: windowRows)
        let rows = 1 + (choice.carriesWindow ? 5 : 0) + choice.nodes
        clock.advance(by: milliseconds(rows))
        sizer.observe(
          rows: rows, choice: choice, origins: [nil], milliseconds: milliseconds(rows))
        let lost = clock.clock.now() / milliseconds(1) - Double(passes)
        let allowance = PassSizer.allowance
        #expect(lost <= allowance.atFirst + allowance.eachPass * Double(passes) + 0.2, "\(curve)")
      }
    }
  }

  @Test(
    "A window that is the only source is tried at once, and dropped if its rows are expensive",
    arguments: [(rowMilliseconds: 0.2, isWorthIt: true), (rowMilliseconds: 5, isWorthIt: false)])
  func windowAlone(rowMilliseconds: Double, isWorthIt: Bool) {
    var sizer = PassSizer(cost: StepCost(), windowIsOnlySource: true)
    let tree = CandidateTree(within: DraftBudget(nodes: 32, length: 8)) { _ in [] }
    sizer.begin()
    var passes: [Bool] = []
    for number in 0..<60 {
      let choice = sizer.choose(from: tree, windowRows: 5)
      passes.append(choice.carriesWindow)
      let rows = choice.carriesWindow ? 6 : 1
      let acceptsTwo = choice.carriesWindow && number % 2 == 0
      sizer.observe(
        rows: rows, choice: choice, origins: acceptsTwo ? [.window, nil] : [nil],
        milliseconds: 10 + rowMilliseconds * Double(rows - 1))
    }
    #expect(!passes[0] && passes[1])
    #expect((passes.count { $0 } > 45) == isWorthIt)
    #expect((passes.count { $0 } < 20) == !isWorthIt)
  }

  @Test("Savings of an earlier text are not spent in the next")
  func eachTextForItself() throws {
    let cost = try #require(
      StepCost(level: 10, points: [StepCost.Point(rows: 8, ratio: 1.1, weight: 20)]))
    var sizer = PassSizer(cost: cost)
    sizer.begin()
    let before = sizer.budget
    let choice = PassSizer.Choice(carriesWindow: false, nodes: 7, expectedTokens: 5)
    sizer.observe(
      rows: 8, choice: choice, origins: Array(repeating: .output, count: 5), milliseconds: 11)
    #expect(sizer.budget > before + 3.8)
    sizer.begin()
    #expect(sizer.budget == before)
  }

  @Test("No pass has more than twice the rows of the largest that was timed")
  func growsByDoubling() throws {
    let script = RepeatingScript(seed: 4, vocabularySize: 20)
    let run = try Self.run(script, .float32, Self.configuration())
    var largest = 1
    for size in run.sizes {
      #expect(size.rows <= 2 * largest)
      largest = max(largest, size.rows)
    }
    #expect(largest > 4)
  }

  @Test("Without shared rows the cost counts the rows of each candidate")
  func separateRows() throws {
    // Two candidates with a common prefix: 7 8 9 and 7 8 10.
    let tree = CandidateTree(within: DraftBudget(nodes: 5, length: 3)) { path in
      let next = path.count == 2 ? [9, 10] : [7 + path.count]
      return next.enumerated().map { rank, token in
        Proposal(
          token: token, origin: .prompt, matchLength: 1, rank: rank,
          probability: rank == 0 ? 0.5 : 0.4)
      }
    }
    #expect(tree.nodes.map(\.token) == [7, 8, 9, 10])
    #expect(tree.rowCounts(.tree) == [0, 1, 2, 3, 4])
    #expect(tree.rowCounts(.separate) == [0, 1, 2, 3, 6])
    for count in 0...4 {
      let best = tree.first(count)
      #expect(best.separated.nodes.count == tree.rowCounts(.separate)[count])
    }
    for layout in LookaheadConfiguration.CandidateLayout.allCases {
      let script = RepeatingScript(seed: 6, vocabularySize: 20)
      let configuration = try LookaheadConfiguration(candidateLayout: layout, schedule: .automatic)
      let run = try Self.run(script, .float32, configuration)
      #expect(run.tokens == Array(script.model.continuation(of: script.prompt, count: 120)))
    }
  }

  @Test("Expected tokens agree with the accepted tokens", arguments: [UInt64](1...5))
  func calibrated(seed: UInt64) throws {
    let script = RepeatingScript(seed: seed, vocabularySize: 30)
    let run = try Self.run(script, .float32, Self.configuration(), count: 400)
    let expected = run.sizes.reduce(0) { $0 + $1.expectedTokens }
    let acceptedTokens = Double(run.acceptedCounts.reduce(0, +))
    #expect(abs(acceptedTokens / expected - 1) < 0.2, "seed \(seed)")
  }
}
