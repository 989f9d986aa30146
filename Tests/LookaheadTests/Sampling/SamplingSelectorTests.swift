import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct SamplingSelectorTests {
  static func matrix(_ row: [Float]) -> Matrix {
    Matrix(rows: 1, columns: row.count, elements: row)
  }

  /// A processor that replaces every row.
  struct Replacing: LogitsProcessor {
    let row: [Float]
    func process(_ logits: inout [Float], after prefix: TextPrefix) { logits = row }
  }

  @Test("Greedy choice after penalties takes the largest logit that they leave")
  func greedyWithPenalties() throws {
    let selector = SamplingSelector(
      try SamplingConfiguration(presencePenalty: 3, logitBias: [0: -.infinity]))
    let logits = Self.matrix([9, 5, 4, 4])
    #expect(try selector.select(from: logits, row: 0, after: TextPrefix([1], promptCount: 1)) == 1)
    #expect(try selector.select(from: logits, row: 0, after: TextPrefix([1], promptCount: 0)) == 2)
  }

  @Test("Without processors greedy choice is the greedy selector's", arguments: 0..<20)
  func greedy(seed: Int) throws {
    let logits = randomMatrix(rows: 3, columns: 50, seed: UInt64(seed))
    let selector = SamplingSelector(try SamplingConfiguration())
    let prefix = TextPrefix([1, 2], promptCount: 1)
    for row in 0..<3 {
      let found = try selector.select(from: logits, row: row, after: prefix)
      #expect(try found == GreedySelector().select(from: logits, row: row, after: prefix))
      #expect(found == logits.argmax(row: row))
    }
  }

  @Test("A choice depends on seed, position and logits alone, and on each of them")
  func dependence() throws {
    let logits = randomMatrix(rows: 2, columns: 1_000, seed: 3)
    func choose(seed: UInt64, text: [TokenID], row: Int = 0) throws -> TokenID {
      let selector = SamplingSelector(try SamplingConfiguration(temperature: 1, seed: seed))
      return try selector.select(
        from: logits, row: row, after: TextPrefix(text, promptCount: 1))
    }
    let first = try choose(seed: 1, text: [5, 6])
    #expect(try first == choose(seed: 1, text: [7, 8]))
    #expect(try first != choose(seed: 2, text: [5, 6]))
    #expect(try first != choose(seed: 1, text: [5, 6, 7]))
  }

  @Test(
    "A logit of NaN or +∞ is an error, from the model or from a processor",
    arguments: [.nan, .infinity, -.nan] as [Float])
  func unusable(value: Float) throws {
    let prefix = TextPrefix([1, 2, 3], promptCount: 3)
    let row: [Float] = [1, value, 2]
    // NaN is written without its sign.
    let expected = LookaheadError.unusableLogit(
      token: 1, position: 3, found: value.isNaN ? "nan" : "\(value)")
    let selectors: [any TokenSelector] = [
      GreedySelector(), SamplingSelector(try SamplingConfiguration()),
      SamplingSelector(try SamplingConfiguration(temperature: 1, topK: 1)),
    ]
    for selector in selectors {
      #expect(throws: expected) {
        try selector.select(from: Self.matrix(row), row: 0, after: prefix)
      }
    }
    // A later filter must not hide it.
    let hiding = SamplingSelector(
      processors: [Replacing(row: row), TopK(1)], choice: .largest)
    #expect(throws: expected) {
      try hiding.select(from: Self.matrix([1, 2, 3]), row: 0, after: prefix)
    }
    #expect(expected.description.hasSuffix("so no token can be chosen."))
  }

  @Test("If every token is forbidden, no token is chosen")
  func nothingLeft() throws {
    let prefix = TextPrefix([1, 2], promptCount: 1)
    let none = Self.matrix([-.infinity, -.infinity])
    for selector in [
      SamplingSelector(try SamplingConfiguration()),
      SamplingSelector(try SamplingConfiguration(temperature: 1)),
      SamplingSelector(try SamplingConfiguration(presencePenalty: 1)),
    ] {
      #expect(throws: LookaheadError.noTokenLeft(position: 2)) {
        try selector.select(from: none, row: 0, after: prefix)
      }
    }
    #expect(throws: LookaheadError.noTokenLeft(position: 2)) {
      try GreedySelector().select(from: none, row: 0, after: prefix)
    }
  }

  @Test("An error of a selector ends a generation, and the decoder can go on with another text")
  func errorInsideGeneration() throws {
    /// Forbids everything from a position on.
    struct Forbidding: LogitsProcessor {
      let position: Int
      func process(_ logits: inout [Float], after prefix: TextPrefix) {
        if prefix.count >= position { for token in logits.indices { logits[token] = -.infinity } }
      }
    }
    let model = ScriptedModel(seed: 3, vocabularySize: 3)
    let selector = SamplingSelector(processors: [Forbidding(position: 40)], choice: .largest)
    var decoder = try LookaheadDecoder(
      model: model, selector: selector, configuration: LookaheadConfiguration())
    let stop = StopRules(endTokens: [], maximumTokens: 60)
    #expect(throws: LookaheadError.noTokenLeft(position: 40)) {
      try decoder.generate(prompt: [1, 2, 0, 1, 2], stop: stop)
    }
    let again = try decoder.generate(
      prompt: [1, 2, 0, 1, 1], stop: StopRules(endTokens: [], maximumTokens: 20))
    #expect(again.tokens == model.continuation(of: [1, 2, 0, 1, 1], count: 20))
  }
}
