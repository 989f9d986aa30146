import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// The paper's algorithm in one file produces the text of plain decoding.
@Suite struct TextbookLookaheadTests {
  /// Sizes, a prompt and a model of one random case.
  struct Setting: CustomStringConvertible, Sendable {
    let windowSize: Int
    let ngramSize: Int
    let candidates: Int
    let seed: UInt64
    let prompt: [TokenID]

    init(_ generator: inout SeededGenerator, vocabularySize: Int) {
      windowSize = Int.random(in: 1...12, using: &generator)
      ngramSize = Int.random(in: 2...7, using: &generator)
      candidates = Int.random(in: 0...8, using: &generator)
      seed = generator.next()
      prompt = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
        Int.random(in: 0..<vocabularySize, using: &generator)
      }
    }

    func textbook<Model>(_ model: Model) -> TextbookLookahead<Model> {
      TextbookLookahead(
        model: model, prompt: prompt, windowSize: windowSize, ngramSize: ngramSize,
        candidatesPerToken: candidates, seed: seed)
    }

    var description: String {
      "W \(windowSize), N \(ngramSize), G \(candidates), seed \(seed), prompt \(prompt)"
    }
  }

  @Test(
    "On the scripted model the text is the script, to the end of the context", arguments: 0..<120)
  func scripted(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let vocabularySize = Int.random(in: 2...16, using: &generator)
    let setting = Setting(&generator, vocabularySize: vocabularySize)
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: vocabularySize,
      contextLength: setting.prompt.count + Int.random(in: 1...70, using: &generator))
    var textbook = setting.textbook(model)
    var passes = 0
    while textbook.text.count <= model.contextLength {
      let pass = try textbook.step()
      passes += 1
      #expect(!pass.accepted.isEmpty && pass.accepted.count <= setting.ngramSize, "\(setting)")
      #expect(pass.plan.candidates.count <= setting.candidates)
    }
    let generated = Array(textbook.text.dropFirst(setting.prompt.count))
    #expect(textbook.text.starts(with: setting.prompt))
    #expect(
      generated == model.continuation(of: setting.prompt, count: generated.count), "\(setting)")
    #expect(generated.count == model.contextLength + 1 - setting.prompt.count)
    #expect(passes <= generated.count)
  }

  @Test("On the fixture model the text is that of plain decoding", arguments: 0..<8)
  func fixture(index: Int) throws {
    let model = try TestModels.tinyLlama.get()
    let prompt = try TestPrompts.tinyLlama()[index]
    var textbook = TextbookLookahead(
      model: model, prompt: prompt, windowSize: 1 + index, ngramSize: 2 + index % 5,
      candidatesPerToken: index)
    while textbook.text.count < prompt.count + 40 { _ = try textbook.step() }
    var plain = try AutoregressiveDecoder(model: model, selector: GreedySelector())
    let expected = try plain.generate(
      prompt: prompt,
      stop: StopRules(endTokens: [], maximumTokens: textbook.text.count - prompt.count))
    #expect(textbook.text == prompt + expected.tokens)
  }

  @Test("A warm-up pass adds a level and drops a column, N - 2 times")
  func warmUp() throws {
    // The widths that the window of lade (decoding.py @eed010d) has for N = 5, W = 7; there level 0
    // lacks the current token.
    var textbook = TextbookLookahead(
      model: ScriptedModel(seed: 3), prompt: [1, 2, 3], windowSize: 7, ngramSize: 5,
      candidatesPerToken: 7)
    var widths: [[Int]] = []
    for _ in 0..<5 {
      widths.append(textbook.window.map(\.count))
      #expect(textbook.window[0][0] == textbook.text.last)
      let pass = try textbook.step()
      #expect(pass.ngrams.count == (widths.count < 4 ? 0 : 7))
    }
    #expect(widths == [[10], [9, 9], [8, 8, 8], [7, 7, 7, 7], [7, 7, 7, 7]])
  }

  @Test("The pool has at most G n-grams for a first token, and one made again is the newest")
  func pool() throws {
    for seed in 0..<20 {
      var textbook = TextbookLookahead(
        model: ScriptedModel(seed: UInt64(seed), vocabularySize: 5), prompt: [1, 2, 3, 4],
        windowSize: 4, ngramSize: 3, candidatesPerToken: 2)
      var expected: [TokenID: [[TokenID]]] = [:]
      for _ in 0..<30 {
        let looked = expected[textbook.text[textbook.text.count - 1], default: []]
        let pass = try textbook.step()
        // Lookup precedes the inserts of the same pass.
        #expect(pass.plan.candidates == looked.map { Array($0.dropFirst()) })
        for ngram in pass.ngrams {
          var known = expected[ngram[0], default: []]
          if let index = known.firstIndex(of: ngram) { known.remove(at: index) }
          if known.count == 2 { known.removeFirst() }
          expected[ngram[0]] = known + [ngram]
        }
        #expect(textbook.pool == expected)
      }
    }
  }

  @Test("The file has at most 200 lines and uses nothing else of its module but the generator")
  func size() throws {
    let source = try Document("Sources/Lookahead/Textbook/TextbookLookahead.swift").text
    #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 201)
    let own = [
      "LookaheadWindow", "RowRole", "NGramPool", "CandidateTree", "LookaheadConfiguration",
    ]
    for name in own { #expect(!source.contains(name), "\(name)") }
  }
}
