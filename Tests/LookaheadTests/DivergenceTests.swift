import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Intended differences from lade: one test for each entry of docs/divergences.md that no
/// other test shows.
@Suite struct DivergenceTests {
  static func stop(_ maximumTokens: Int, endTokens: Set<TokenID> = []) -> StopRules {
    StopRules(endTokens: endTokens, maximumTokens: maximumTokens)
  }

  /// The tokens of each pass of a text of 60 tokens.
  static func passes<D: Decoder>(_ decoder: inout D, _ prompt: [TokenID]) throws -> [[TokenID]] {
    var passes: [[TokenID]] = []
    _ = try decoder.generate(prompt: prompt, stop: stop(60)) { accepted in
      passes.append(accepted.tokens)
      return .proceed
    }
    return passes
  }

  @Test(
    "A fully matched n-gram also yields the token after it: N tokens in a pass", arguments: 2...6)
  func bonusToken(ngramSize: Int) throws {
    var most = 0
    for seed: UInt64 in 0..<10 {
      let script = RepeatingScript(seed: seed)
      var decoder = try script.decoder(3, ngramSize, 4)
      let passes = try Self.passes(&decoder, script.prompt)
      #expect(passes.flatMap { $0 } == script.text)
      most = max(most, passes.map(\.count).max() ?? 0)
    }
    #expect(most == ngramSize)
  }

  @Test("Any of several end tokens ends the text, inside an accepted n-gram too")
  func severalEndTokens() throws {
    var cases = 0
    for seed: UInt64 in 0..<30 {
      let script = RepeatingScript(seed: seed)
      var free = try script.decoder(3, 5, 4)
      var start = 0
      for pass in try Self.passes(&free, script.prompt) {
        for index in start..<start + pass.count - 1
        where !script.text[..<index].contains(script.text[index]) {
          var decoder = try script.decoder(3, 5, 4)
          let found = try decoder.generate(
            prompt: script.prompt, stop: Self.stop(60, endTokens: [999, script.text[index], 1_000]))
          #expect(found.tokens == Array(script.text[...index]))
          #expect(found.finishReason == .stop)
          cases += 1
        }
        start += pass.count
      }
    }
    #expect(cases >= 30)
  }

  @Test("A text ends at the wanted length, inside an accepted n-gram too", arguments: 1...30)
  func maximumTokens(count: Int) throws {
    let script = RepeatingScript(seed: 3)
    var decoder = try script.decoder(3, 5, 4)
    let found = try decoder.generate(prompt: script.prompt, stop: Self.stop(count))
    #expect(found.tokens == Array(script.text.prefix(count)))
    #expect(found.finishReason == .length)
  }

  @Test("What is learnt of the output is the text itself, from passes of several tokens too")
  func history() throws {
    let script = RepeatingScript(seed: 4)
    var decoder = try script.decoder(0, 3, 100, sources: .output)
    let passes = try Self.passes(&decoder, script.prompt)
    #expect(passes.contains { $0.count > 1 })
    var index = ContinuationIndex()
    index.learn(text: decoder.text, from: script.prompt.count, origin: .output)
    let expected = index.entries(after: decoder.text, limit: 8).map(\.entry.token)
    #expect(!expected.isEmpty)
    let tried = try decoder.nextCandidates().candidates.map(\.[0])
    #expect(Set(tried) == Set(expected))
  }

  @Test("The caller gets every token, pass by pass, with the row of logits behind it")
  func streaming() throws {
    let script = RepeatingScript(seed: 5)
    var decoder = try script.decoder(3, 4, 4)
    var streamed: [TokenID] = []
    var calls = 0
    let result = try decoder.generate(prompt: script.prompt, stop: Self.stop(60)) { accepted in
      for (token, row) in zip(accepted.tokens, accepted.logitRows) {
        #expect(accepted.logits.argmax(row: row) == token)
        streamed.append(token)
      }
      calls += 1
      return .proceed
    }
    #expect(streamed == script.text && result.tokens == script.text)
    #expect(calls == result.passes && calls < 60)
  }

  @Test(
    "N = 2, W = 0 and G = 0 work, alone and together",
    arguments: [(5, 2, 5), (1, 2, 1), (1, 3, 4), (0, 4, 5), (0, 2, 3), (5, 4, 0), (0, 2, 0)])
  func smallSizes(windowSize: Int, ngramSize: Int, candidates: Int) throws {
    let script = RepeatingScript(seed: 6)
    var decoder = try script.decoder(windowSize, ngramSize, candidates)
    let found = try decoder.generate(prompt: script.prompt, stop: Self.stop(60))
    #expect(found.tokens == script.text)
    // Without candidates nothing is verified; without a window either, a pass is its current token.
    #expect((found.passes == 60) == (candidates == 0))
    #expect((found.rows == found.passes) == (candidates == 0 && windowSize == 0))
    #expect((decoder.window == nil) == (windowSize == 0))
  }

  @Test("The first window is drawn anew alike, and by default the pool has all sources")
  func defaults() throws {
    let defaults = try LookaheadConfiguration()
    #expect(defaults.poolSources == .all && defaults.seed == 0)
    let script = RepeatingScript(seed: 7)
    var rows: Set<Int> = []
    for _ in 0..<3 {
      var decoder = try script.decoder(4, 4, 4)
      rows.insert(try decoder.generate(prompt: script.prompt, stop: Self.stop(60)).rows)
    }
    #expect(rows.count == 1)
  }

  @Test("Where the context ends the window goes and candidates are cut; every position serves")
  func contextEnd() throws {
    for contextLength in 50..<80 {
      let script = RepeatingScript(seed: 8, contextLength: contextLength)
      var decoder = try script.decoder(5, 4, 4)
      // The scripted model throws at any position beyond its context.
      let found = try decoder.generate(prompt: script.prompt, stop: Self.stop(60))
      let room = contextLength - script.prompt.count
      #expect(found.tokens == Array(script.text.prefix(room + 1)))
      #expect(decoder.window == nil)
    }
  }

  @Test("Only the rows that decide something go through the output head")
  func logitRows() throws {
    let (windowSize, ngramSize) = (5, 4)
    let script = RepeatingScript(seed: 9)
    var decoder = try script.decoder(windowSize, ngramSize, 4)
    var (passes, withCandidates) = (0, 0)
    _ = try decoder.generate(prompt: script.prompt, stop: Self.stop(60)) { accepted in
      let windowRows = (ngramSize - 1) * windowSize
      passes += 1
      if passes > ngramSize - 2 {
        // The current token, the window's top level, and the candidates.
        #expect(accepted.logits.rows == 1 + windowSize + accepted.rows - windowRows)
        withCandidates += accepted.rows > windowRows ? 1 : 0
      }
      return .proceed
    }
    #expect(withCandidates > 10)
  }

  @Test(
    "Warm-up passes verify candidates too, except under the policies paper and lade",
    arguments: 4...7)
  func warmUp(ngramSize: Int) throws {
    for policy in LookaheadConfiguration.Policy.allCases {
      let script = RepeatingScript(seed: 10)
      var decoder = try LookaheadDecoder(
        model: script.model, selector: GreedySelector(),
        configuration: LookaheadConfiguration(
          windowSize: 4, ngramSize: ngramSize, candidatesPerToken: 4,
          poolSources: policy == .paper ? .window : [.window, .prompt, .output], policy: policy))
      var candidateRows: [Int] = []
      _ = try decoder.generate(prompt: script.prompt, stop: Self.stop(60)) { accepted in
        let pass = candidateRows.count
        // Level 0 has lost a column for each pass, and each other level is one wider than that.
        let width = 4 + ngramSize - 3 - pass
        let windowRows = pass < ngramSize - 2 ? 1 + width + pass * (width + 1) : 4 * (ngramSize - 1)
        candidateRows.append(accepted.rows - windowRows)
        return .proceed
      }
      // The pass that read the prompt and ngramSize - 3 further ones.
      let early = candidateRows.prefix(ngramSize - 2)
      #expect(early.contains { $0 > 0 } == (policy == .standard))
      #expect(candidateRows.dropFirst(ngramSize - 2).contains { $0 > 0 })
    }
  }

  @Test(
    "As in lade, the pass that reads the prompt counts, since it accepts a token",
    arguments: [1, 7])
  func passesCounted(chunk: Int) throws {
    let script = RepeatingScript(seed: 11)
    var plain = try AutoregressiveDecoder(
      model: script.model, selector: GreedySelector(), prefillChunk: chunk)
    for count in [1, 2, 9] {
      let found = try plain.generate(prompt: script.prompt, stop: Self.stop(count))
      #expect(found.passes == count && found.rows == count && found.tokensPerPass == 1)
    }
  }
}
