import Testing

@testable import Lookahead

@Suite struct LookaheadConfigurationTests {
  @Test(
    "Sizes out of range are refused by name",
    arguments: [
      (-1, 4, 5, "The window size W is -1, but must be at least 0."),
      (5, 1, 5, "The n-gram size N is 1, but must be at least 2."),
      (0, 1, 0, "The n-gram size N is 1, but must be at least 2."),
      (5, 4, -2, "The candidate count G is -2, but must be at least 0."),
      (
        4_000, 4, 5,
        "With W = 4000, N = 4 and G = 5 a pass could have (N - 1) · (W + G) rows, but at most "
          + "4096 are allowed."
      ),
    ])
  func refused(windowSize: Int, ngramSize: Int, candidates: Int, sentence: String) {
    #expect {
      try LookaheadConfiguration(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates)
    } throws: { "\($0)" == sentence }
  }

  @Test("Sizes whose product would overflow are refused", arguments: [Int.max, 1 << 40])
  func huge(size: Int) {
    #expect(throws: LookaheadError.self) { try LookaheadConfiguration(windowSize: size) }
    #expect(throws: LookaheadError.self) { try LookaheadConfiguration(ngramSize: size) }
    #expect(throws: LookaheadError.self) { try LookaheadConfiguration(candidatesPerToken: size) }
  }

  @Test(
    "A window that would have too many rows while it warms up is refused",
    arguments: [(1, 4_096), (1, 200), (2, 1_000), (1, 129)])
  func warmUp(windowSize: Int, ngramSize: Int) throws {
    let error = #expect(throws: LookaheadError.self) {
      try LookaheadConfiguration(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: 0)
    }
    #expect(error?.description.contains("rows while the window warms up, but at most 4096") == true)
  }

  @Test("No pass has more rows than the configuration says", arguments: 1...4, [2, 3, 5, 12])
  func largestPass(windowSize: Int, ngramSize: Int) throws {
    let script = RepeatingScript(seed: 4)
    var largest = 0
    for candidates in [0, 3] {
      let configuration = try LookaheadConfiguration(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates)
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(), configuration: configuration)
      let stop = StopRules(endTokens: [], maximumTokens: 50)
      _ = try decoder.generate(prompt: script.prompt, stop: stop) { accepted in
        #expect(accepted.rows <= configuration.largestPass)
        largest = max(largest, accepted.rows)
        return .proceed
      }
    }
    // The bound is reached by warm-up alone.
    let bound = try LookaheadConfiguration(
      windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: 0)
    #expect(largest >= bound.largestPass - 1)
  }

  @Test("Options that lade does not have are refused under its policy")
  func policyLade() throws {
    for (size, sentence) in [
      ((0, 3, 1), "The window size W of the policy lade is 0, but must be at least 1."),
      ((1, 2, 1), "The n-gram size N of the policy lade is 2, but must be at least 3."),
      ((1, 3, 0), "The candidate count G of the policy lade is 0, but must be at least 1."),
    ] {
      #expect {
        try LookaheadConfiguration(
          windowSize: size.0, ngramSize: size.1, candidatesPerToken: size.2, policy: .lade)
      } throws: { "\($0)" == sentence }
    }
    for sources: LookaheadConfiguration.PoolSources in [.all, .prompt, [.window, .prompt], []] {
      #expect {
        try LookaheadConfiguration(poolSources: sources, policy: .lade)
      } throws: {
        "\($0)" == "The policy lade takes n-grams from the window alone, or from window, prompt "
          + "and output."
      }
    }
    #expect {
      try LookaheadConfiguration(policy: .lade, candidateLayout: .tree)
    } throws: { "\($0)" == "The policy lade has rows of its own for each candidate, no tree." }
    let lade = try LookaheadConfiguration(policy: .lade)
    #expect(lade.poolSources == .window && lade.candidateLayout == .separate)
  }

  @Test("A first window must have the size that W and N make", arguments: [(5, 4, 6), (0, 4, 0)])
  func firstWindow(windowSize: Int, ngramSize: Int, count: Int) throws {
    for found in 0...8 where found != count {
      #expect(throws: LookaheadError.firstWindowSize(expected: count, found: found)) {
        try LookaheadConfiguration(
          windowSize: windowSize, ngramSize: ngramSize,
          firstWindow: Array(repeating: 1, count: found))
      }
    }
    let script = RepeatingScript(seed: 1)
    let configuration = try LookaheadConfiguration(
      windowSize: windowSize, ngramSize: ngramSize, firstWindow: Array(1..<1 + count))
    var decoder = try LookaheadDecoder(
      model: script.model, selector: GreedySelector(), configuration: configuration)
    _ = try decoder.start(prompt: script.prompt)
    // The accepted token has replaced the first token of level 0.
    #expect((decoder.window?.levels[0] ?? []) == Array((1..<1 + count).dropFirst()))
  }

  @Test("The smallest and the defaults are allowed")
  func allowed() throws {
    _ = try LookaheadConfiguration(windowSize: 0, ngramSize: 2, candidatesPerToken: 0)
    let defaults = try LookaheadConfiguration(schedule: .fixed)
    #expect(defaults.windowSize == 3 && defaults.ngramSize == 3)
    #expect(defaults.candidatesPerToken == 3)
  }
}
