import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// Stop strings end a text of either decoder at the same token.
@Suite struct StopRulesTests {
  static let prompt = "Once upon a time there was a duck."

  static func outcomes(
    stop strings: [String], maximumTokens: Int = 64
  ) throws -> [(result: GenerationResult, text: [TokenID], logits: Int, shown: String)] {
    let model = try TestModels.tinyLlama.get()
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let prompt = tokenizer.encode(prompt, addSpecialTokens: false, parseSpecialTokens: false)
    let stopStrings = try StopStrings(strings, tokenizer: tokenizer)
    let stop = StopRules(
      endTokens: [0, 2], maximumTokens: maximumTokens, stopStrings: stopStrings)
    let decoders: [any Decoder] = [
      try AutoregressiveDecoder(model: model, selector: GreedySelector()),
      try LookaheadDecoder(
        model: model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(windowSize: 5, ngramSize: 5, candidatesPerToken: 5)),
    ]
    return try decoders.map { decoder in
      var decoder = decoder
      var logits = 0
      let result = try decoder.generate(prompt: prompt, stop: stop) { accepted in
        #expect(accepted.tokens.count == accepted.logitRows.count)
        logits += accepted.logitRows.count
        return .proceed
      }
      let shown = OutputText.text(of: result.tokens, tokenizer, stopStrings: stopStrings)
      #expect(decoder.text == prompt + result.tokens)
      #expect(decoder.cachedTokens(of: decoder.text + [1]) == decoder.text.count - 1)
      return (result, decoder.text, logits, shown)
    }
  }

  @Test("A text ends with the token that completes the stop string, inside a pass too")
  func everyPlace() throws {
    let whole = try Self.outcomes(stop: [])[0].shown
    var insidePass = 0
    for start in stride(from: 1, to: whole.count - 4, by: 7) {
      let from = whole.index(whole.startIndex, offsetBy: start)
      let string = String(whole[from..<whole.index(from, offsetBy: 4)])
      let found = try Self.outcomes(stop: [string])
      #expect(found[0].result.tokens == found[1].result.tokens)
      for outcome in found {
        #expect(outcome.shown == OutputTextTests.cut(whole, before: [string]))
        #expect(outcome.result.finishReason == .stop)
        #expect(outcome.logits == outcome.result.tokens.count)
        #expect(outcome.result.statistics.tokens == outcome.result.tokens.count)
      }
      insidePass += found[1].result.passes < found[0].result.passes ? 1 : 0
    }
    #expect(insidePass > 3)
  }

  @Test("A decoder stopped inside a pass continues like one that was not")
  func continuing() throws {
    let model = try TestModels.tinyLlama.get()
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let prompt = tokenizer.encode(Self.prompt, addSpecialTokens: false, parseSpecialTokens: false)
    let rest = StopRules(endTokens: [], maximumTokens: 20)
    for string in ["duck", "the", " a", "."] {
      var stopped = try LookaheadDecoder(
        model: model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(windowSize: 5, ngramSize: 5, candidatesPerToken: 5))
      let stop = StopRules(
        endTokens: [], maximumTokens: 60,
        stopStrings: try StopStrings([string], tokenizer: tokenizer))
      let first = try stopped.generate(prompt: prompt, stop: stop).tokens
      var fresh = try AutoregressiveDecoder(model: model, selector: GreedySelector())
      let expected = try LosslessnessTests.run(&fresh, prompt + first + [5], rest)
      let found = try LosslessnessTests.run(&stopped, prompt + first + [5], rest)
      #expect(found.result.tokens == expected.result.tokens)
      #expect(found.logits == expected.logits)
    }
  }

  @Test("A stop string that does not occur has no effect; the length is exact")
  func never() throws {
    for count in [1, 2, 13, 40] {
      for outcome in try Self.outcomes(stop: ["zebra crossing"], maximumTokens: count) {
        #expect(outcome.result.tokens.count == count)
        #expect(outcome.result.finishReason == .length)
      }
    }
  }

  @Test("A pass that a stop string cuts keeps its size")
  func sizeOfCutPass() throws {
    let logits = Matrix(rows: 3, columns: 1)
    let size = PassSize(
      windowRows: 2, candidateRows: 3, candidates: 1, expectedTokens: 1.5,
      expectedMilliseconds: nil)
    let accepted = Accepted(
      tokens: [5, 6, 7], logits: logits, logitRows: [0, 1, 2], rows: 6,
      origins: [.prompt, .output, nil], size: size)
    let cut = accepted.prefix(2)
    #expect(cut.tokens == [5, 6] && cut.logitRows == [0, 1] && cut.origins == [.prompt, .output])
    #expect(cut.size == size && cut.rows == 6)
  }
}
