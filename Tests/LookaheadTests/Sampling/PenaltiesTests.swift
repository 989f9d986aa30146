import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Penalties, bias and temperature against their formulas.
@Suite struct PenaltiesTests {
  /// A prompt 1 1 2 9 and an output 3 1 3.
  static let prefix = TextPrefix([1, 1, 2, 9, 3], promptCount: 4, accepting: [1, 3])
  static let row: [Float] = [4, 3, -2, 1, -0.0]

  @Test("A prefix is the text and the tokens that the pass has accepted")
  func prefix() {
    #expect(Array(Self.prefix) == [1, 1, 2, 9, 3, 1, 3])
    #expect(Array(Self.prefix.output) == [3, 1, 3])
    #expect(Self.prefix.count == 7 && Self.prefix.promptCount == 4)
    #expect(TextPrefix([1], promptCount: 4).output.isEmpty)
  }

  @Test(
    "The repetition penalty divides or multiplies by sign, once each, prompt included"
  )
  func repetition() {
    var row = Self.row
    RepetitionPenalty(2).process(&row, after: Self.prefix)
    #expect(row == [4, 1.5, -4, 0.5, 0])
    row = Self.row
    RepetitionPenalty(2, window: 2).process(&row, after: Self.prefix)
    #expect(row == [4, 1.5, -2, 0.5, 0])
    row = Self.row
    RepetitionPenalty(2, window: 0).process(&row, after: Self.prefix)
    #expect(row == Self.row)
  }

  @Test("The frequency penalty counts how often a token was generated")
  func frequency() {
    var row = Self.row
    FrequencyPenalty(0.5).process(&row, after: Self.prefix)
    #expect(row == [4, 2.5, -2, 0, 0])
    row = Self.row
    FrequencyPenalty(0.5, window: 2).process(&row, after: Self.prefix)
    #expect(row == [4, 2.5, -2, 0.5, 0])
  }

  @Test("The presence penalty counts a generated token once")
  func presence() {
    var row = Self.row
    PresencePenalty(0.5).process(&row, after: Self.prefix)
    #expect(row == [4, 2.5, -2, 0.5, 0])
    row = Self.row
    PresencePenalty(-0.5, window: 1).process(&row, after: Self.prefix)
    #expect(row == [4, 3, -2, 1.5, 0])
  }

  @Test("A bias is added, and can forbid; there is none for a token that does not exist")
  func bias() throws {
    var row = Self.row
    try LogitBias([0: -1, 2: 2.5, 4: -.infinity]).process(&row, after: Self.prefix)
    #expect(row == [3, 3, 0.5, 1, -.infinity])
    #expect(throws: LookaheadError.biasOutsideVocabulary(token: 5, vocabularySize: 5)) {
      try LogitBias([5: 1]).process(&row, after: Self.prefix)
    }
    #expect(throws: LookaheadError.biasOutsideVocabulary(token: -1, vocabularySize: 5)) {
      try LogitBias([-1: 1]).process(&row, after: Self.prefix)
    }
  }

  @Test("No temperature makes a logit infinite", arguments: [1e-30, 0.5, 2, 1e38] as [Float])
  func temperature(_ temperature: Float) throws {
    var row: [Float] = [3e38, 1, -3e38, -.infinity]
    try Temperature(temperature).process(&row, after: Self.prefix)
    #expect(row[0] == 0)
    #expect(row.allSatisfy { $0 <= 0 })
    #expect(row[3] == -.infinity)
    var small: [Float] = [1, 3, 2]
    try Temperature(0.5).process(&small, after: Self.prefix)
    #expect(small == [-4, 0, -2])
  }
}
