import Llama
import Lookahead
import TestSupport
import Testing

@testable import Oracle

/// A simulated engine without a mistake is the model; each mistake changes what it chooses.
struct SimulatedEngineTests {
  /// Without a mistake every token is judged as by reading the text, to the bit, whatever is drafted and
  /// whatever the text is.
  @Test(arguments: 0..<40) func `without a mistake it is plain decoding`(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let model = try TestModels.tinyLlama.get()
    let prompt = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
      Int.random(in: 3..<40, using: &generator)
    }
    var output = try TextScorer().greedy(after: prompt, by: model, tokens: 24)
    // Some texts are not the model's own.
    if seed % 2 == 1 {
      for _ in 0..<4 {
        output[Int.random(in: 0..<output.count, using: &generator)] = Int.random(
          in: 3..<200, using: &generator)
      }
    }
    let rule = PromptLookup(
      longest: .random(in: 1...3, using: &generator), length: .random(in: 1...6, using: &generator),
      branches: .random(in: 1...3, using: &generator),
      takesOldest: .random(using: &generator))
    let ends = Set(seed % 5 == 0 ? [output[12]] : [])
    let scorer = TextScorer(processors: seed % 3 == 0 ? [RepetitionPenalty(1.3)] : [], ends: ends)
    var engine = try SimulatedEngine(
      model, scorer, drafts: .lookup(rule), mistake: nil, output: output, after: prompt)
    var passes = 0
    while !engine.isFinished {
      try engine.step()
      passes += 1
      try #require(passes <= output.count)
    }
    #expect(engine.scores == (try scorer.score(output, after: prompt, by: model)))
  }

  /// The text that an engine with a mistake makes is judged to be its own, every token of it; with some
  /// seed it is another text than the model's.
  @Test(arguments: BookkeepingMistake.allCases)
  func `a mistake makes its own text`(_ mistake: BookkeepingMistake) throws {
    for seed in 0..<60 {
      var generator = SeededGenerator(seed: UInt64(seed))
      // An end token can be drafted only if the prompt has it, and what the model makes of it.
      let vocabularySize = mistake == .pastEnd ? 3 : mistake == .penaltySeesDrafts ? 60 : 11
      let prompt = (0..<12).map { _ in Int.random(in: 0..<min(6, vocabularySize), using: &generator)
      }
      let model = ScriptedModel(seed: UInt64(seed), vocabularySize: vocabularySize)
      let scorer = TextScorer(
        processors: mistake == .penaltySeesDrafts ? [RepetitionPenalty(1.5, window: 8)] : [],
        ends: mistake == .pastEnd ? [seed % 3] : [])
      let lookup = PromptLookup(longest: 2, length: 4, branches: mistake.needsBranches ? 2 : 1)
      let own = try scorer.greedy(
        after: prompt, by: model, tokens: 40, drafts: .lookup(lookup), mistake: mistake)
      var engine = try SimulatedEngine(
        model, scorer, drafts: .lookup(lookup), mistake: mistake, output: own, after: prompt)
      while !engine.isFinished { try engine.step() }
      #expect(engine.scores.deviations.isEmpty)
      if !(try scorer.score(own, after: prompt, by: model).deviations.isEmpty) { return }
    }
    Issue.record("The mistake changes no text.")
  }

  @Test func `lookup drafts what followed before`() {
    let text = [1, 2, 3, 9, 1, 2, 4, 9, 1, 2]
    func drafts(_ lookup: PromptLookup) -> [[TokenID]] { lookup.drafts(after: text) }
    #expect(drafts(PromptLookup(longest: 2, length: 2)) == [[4, 9]])
    #expect(drafts(PromptLookup(longest: 2, length: 2, takesOldest: true)) == [[3, 9]])
    #expect(drafts(PromptLookup(longest: 2, length: 3, branches: 2)) == [[4, 9, 1], [3, 9, 1]])
    #expect(drafts(PromptLookup(longest: 3, length: 8)) == [[4, 9, 1, 2]])
    #expect(PromptLookup(longest: 3, length: 3).drafts(after: [7, 8]) == [])
    #expect(PromptLookup(longest: 3, length: 3).drafts(after: []) == [])
  }
}

extension TextScorer {
  /// The text that an engine makes, found token by token from what it would have chosen.
  func greedy<Model: CausalLanguageModel>(
    after prompt: [TokenID], by model: Model, tokens: Int, drafts: DraftRule? = nil,
    mistake: BookkeepingMistake? = nil
  ) throws -> [TokenID] {
    var output: [TokenID] = []
    while output.count < tokens {
      // A token that is not chosen shows which is.
      let guess = output + [0]
      let last: ScoredToken?
      if let drafts {
        var engine = try SimulatedEngine(
          model, self, drafts: drafts, mistake: mistake, output: guess, after: prompt)
        while !engine.isFinished { try engine.step() }
        last = engine.scores.last
      } else {
        last = try score(guess, after: prompt, by: model).last
      }
      guard let last, last.rank == 1 || last.rival != nil else { break }
      output.append(last.rank == 1 ? 0 : last.rival ?? 0)
    }
    return output
  }
}
