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

  @Test("The smallest and the defaults are allowed")
  func allowed() throws {
    _ = try LookaheadConfiguration(windowSize: 0, ngramSize: 2, candidatesPerToken: 0)
    let defaults = try LookaheadConfiguration()
    #expect(defaults.windowSize == 3 && defaults.ngramSize == 3)
    #expect(defaults.candidatesPerToken == 3)
  }
}
