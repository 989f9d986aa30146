import Foundation
import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Under the policy paper the production decoder runs the passes of the textbook.
@Suite struct PaperEquivalenceTests {
  final class Log: PassObserver, @unchecked Sendable {
    var passes: [PassRecord] = []
    func observe(_ pass: PassRecord) { passes.append(pass) }
  }

  struct Sizes: Sendable {
    let windowSize: Int
    let ngramSize: Int
    let candidates: Int
    var seed: UInt64 = 0

    var configuration: LookaheadConfiguration {
      get throws {
        try LookaheadConfiguration(
          windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidates,
          policy: .paper, seed: seed)
      }
    }
  }

  /// Runs both until there are `tokens` new tokens or no context is left.
  /// - Returns: the passes.
  @discardableResult
  static func compare<Model: CausalLanguageModel>(
    _ model: Model, _ prompt: [TokenID], _ sizes: Sizes, tokens: Int
  ) throws -> [TextbookPass] {
    let log = Log()
    var decoder = try LookaheadDecoder(
      model: model, selector: GreedySelector(), configuration: sizes.configuration,
      prefillChunk: prompt.count, observer: log)
    var textbook = TextbookLookahead(
      model: model, prompt: prompt, windowSize: sizes.windowSize, ngramSize: sizes.ngramSize,
      candidatesPerToken: sizes.candidates, seed: sizes.seed)
    let stop = StopRules(endTokens: [], maximumTokens: .max)
    /// Whether a window fits after the text.
    func fitsWindow() -> Bool {
      textbook.text.count + sizes.windowSize + sizes.ngramSize - 3 <= model.contextLength
    }
    var passes: [TextbookPass] = []
    while textbook.text.count < prompt.count + tokens, textbook.text.count <= model.contextLength {
      let hasWindow = passes.isEmpty || fitsWindow()
      let pass = try textbook.step()
      _ = try passes.isEmpty ? decoder.start(prompt: prompt) : decoder.step(stop: stop)
      passes.append(pass)
      let place: Comment = "\(sizes), prompt \(prompt), pass \(passes.count)"
      try #require(log.passes.count == passes.count, place)
      let record = log.passes[passes.count - 1]
      let lookahead = try #require(record.lookahead, place)
      // Tokens, positions, mask, rows whose logits are requested.
      try #require(record.request == pass.plan.request, place)
      #expect(record.accepted == pass.accepted, place)
      #expect(record.acceptedRows == pass.acceptedRows, place)
      #expect(record.committedRows == pass.committedRows, place)
      #expect(decoder.text == textbook.text && decoder.cache.count == textbook.text.count - 1)
      #expect(
        lookahead.roles.map(TextbookRole.init)
          == pass.plan.roles.filter { if case .prompt = $0 { false } else { true } }, place)
      #expect(
        lookahead.tree.candidates == pass.plan.candidates.filter { !$0.isEmpty }, place)
      // The record lacks the current token's prediction in the prefill, and if no window fits.
      let frontier = hasWindow ? Array(pass.frontier.dropFirst(passes.count == 1 ? 1 : 0)) : []
      #expect(lookahead.frontier == frontier, place)
      #expect(lookahead.additions.map { $0.context + $0.tokens } == pass.ngrams, place)
      #expect(lookahead.entryCount == textbook.pool.values.reduce(0) { $0 + $1.count }, place)
      // The record has the window before it is given up at the end of the context.
      if fitsWindow() {
        let window = [Array(textbook.window[0].dropFirst())] + textbook.window.dropFirst()
        #expect(lookahead.window == window, place)
      }
    }
    return passes
  }

  @Test(
    "On the scripted model, for 200 random settings, to the end of the context", arguments: 0..<200)
  func scripted(seed: Int) throws {
    var generator = SeededGenerator(seed: 70_000 + UInt64(seed))
    let vocabularySize = Int.random(in: 2...14, using: &generator)
    let prompt = (0..<Int.random(in: 1...40, using: &generator)).map { _ in
      Int.random(in: 0..<vocabularySize, using: &generator)
    }
    let model = ScriptedModel(
      seed: UInt64(seed), vocabularySize: vocabularySize,
      contextLength: prompt.count + Int.random(in: 1...90, using: &generator))
    let sizes = Sizes(
      windowSize: Int.random(in: 1...10, using: &generator),
      ngramSize: Int.random(in: 2...7, using: &generator),
      candidates: Int.random(in: 0...8, using: &generator), seed: generator.next())
    try Self.compare(model, prompt, sizes, tokens: .max - 1_000)
  }

  @Test("The random settings contain what may differ: long matches, several candidates, warm-up")
  func coverage() throws {
    let model = ScriptedModel(seed: 5, vocabularySize: 4)
    let passes = try Self.compare(
      model, [1, 2, 3, 0, 1], Sizes(windowSize: 5, ngramSize: 4, candidates: 4), tokens: 200)
    #expect(passes.contains { $0.accepted.count == 4 })
    #expect(passes.contains { $0.plan.candidates.count == 4 })
    #expect(
      passes.contains {
        $0.acceptedRows.count > 1 && $0.acceptedRows[1] > $0.acceptedRows.count + 9
      })
    #expect(passes.prefix(2).allSatisfy(\.ngrams.isEmpty) && passes[2].ngrams.count == 5)
  }

  @Test("On the fixture model", arguments: 0..<10)
  func fixture(index: Int) throws {
    let prompts = try TestPrompts.tinyLlama()
    let sizes = Sizes(
      windowSize: 1 + index % 6, ngramSize: 2 + index % 5, candidates: index, seed: UInt64(index))
    try Self.compare(
      TestModels.tinyLlama.get(), prompts[index % prompts.count], sizes, tokens: 40)
  }

  @Test(
    "On SmolLM2",
    .enabled(if: TestModels.smolLM2Path != nil, "SmolLM2 is not there: make test fetches it"),
    .enabled(if: !Sanitizer.isOfThreads, "\(Sanitizer.realModelComment)"))
  func realModel() throws {
    let model = try TestModels.smolLM2.get()
    let tokenizer = try #require(try Checkpoint.open(TestModels.smolLM2Path ?? "").makeTokenizer())
    for (index, text) in ["1, 2, 3, 1, 2, 3, 1,", "The capital of France is"].enumerated() {
      let passes = try Self.compare(
        model, tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: false),
        Sizes(windowSize: 5 - index, ngramSize: 4, candidates: 5), tokens: 40)
      #expect(passes.count <= 40)
    }
  }

  @Test(
    "Sampling, stop rules and prefill in chunks work under the policy", arguments: UInt64(0)..<40)
  func production(seed: UInt64) throws {
    let model = ScriptedModel(seed: seed, vocabularySize: 6)
    let sampling = try SamplingConfiguration(temperature: 0.5, seed: seed)
    let stop = StopRules(endTokens: seed % 2 == 0 ? [3] : [], maximumTokens: 50)
    let prompt = (0..<20).map { $0 % 5 }
    var plain = try AutoregressiveDecoder(model: model, selector: SamplingSelector(sampling))
    var paper = try LookaheadDecoder(
      model: model, selector: SamplingSelector(sampling),
      configuration: Sizes(windowSize: 4, ngramSize: 4, candidates: 4, seed: seed).configuration,
      prefillChunk: 7)
    let expected = try plain.generate(prompt: prompt, stop: stop)
    #expect(try paper.generate(prompt: prompt, stop: stop).tokens == expected.tokens)
  }

  @Test("The policy paper has one source, one layout, one schedule, and a window")
  func refused() throws {
    let paper = try LookaheadConfiguration(policy: .paper)
    #expect(paper.poolSources == .window && paper.candidateLayout == .separate)
    #expect(paper.schedule == .fixed && paper.tokensPerPass == paper.ngramSize)
    #expect {
      try LookaheadConfiguration(windowSize: 0, policy: .paper)
    } throws: {
      "\($0)" == "The window size W of the policy paper is 0, but must be at least 1."
    }
    #expect {
      try LookaheadConfiguration(poolSources: .all, policy: .paper)
    } throws: {
      "\($0)" == "The policy paper takes n-grams from the window alone."
    }
    #expect {
      try LookaheadConfiguration(policy: .paper, candidateLayout: .tree)
    } throws: {
      "\($0)" == "The policy paper has rows of its own for each candidate, no tree."
    }
    #expect {
      try LookaheadConfiguration(policy: .paper, schedule: .automatic)
    } throws: { "\($0)" == "The policy paper has a fixed schedule." }
  }
}

extension TextbookRole {
  /// The role of a row without shared candidates.
  init(_ role: RowRole) {
    self =
      switch role {
      case .window(let level, let column): .window(level: level, column: column)
      case .candidate(let branches): .candidate(index: branches[0], offset: branches.count - 1)
      }
  }
}
