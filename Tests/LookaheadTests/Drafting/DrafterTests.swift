import Llama
import TestSupport
import Testing

@testable import Lookahead

/// Whatever a drafter proposes, the text is that of plain decoding.
@Suite struct DrafterTests {
  /// Proposes what a closure makes of the text and the budget.
  struct ClosureDrafter: Drafter {
    var make: @Sendable (_ text: [TokenID], _ budget: DraftBudget) throws -> CandidateTree

    func propose(after text: [TokenID], within budget: DraftBudget) throws -> CandidateTree {
      try make(text, budget)
    }
  }

  struct Refusal: Error, Equatable {}

  static func decoder(
    _ script: RepeatingScript, _ drafter: some Drafter, nodes: Int = 3,
    schedule: LookaheadConfiguration.Schedule = .fixed
  ) throws -> LookaheadDecoder<ScriptedModel, GreedySelector> {
    try LookaheadDecoder(
      model: script.model, selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: 2, ngramSize: 4, candidatesPerToken: nodes, schedule: schedule),
      drafter: drafter)
  }

  /// Generates a text, which must be the script's.
  static func passes(
    _ decoder: inout LookaheadDecoder<ScriptedModel, GreedySelector>, _ script: RepeatingScript
  ) throws -> [Accepted] {
    var passes: [Accepted] = []
    let result = try decoder.generate(
      prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: script.text.count)
    ) { accepted in
      passes.append(accepted)
      return .proceed
    }
    #expect(result.tokens == script.text)
    return passes
  }

  @Test("All drafts of a drafter that knows the text are accepted, under its name")
  func oracle() throws {
    let script = RepeatingScript(seed: 3)
    let whole = script.prompt + script.text
    var decoder = try Self.decoder(
      script,
      ClosureDrafter { text, _ in
        var tree = CandidateTree()
        tree.insert(whole[text.count...], origin: DraftOrigin("oracle"), probability: 0.9)
        return tree
      })
    let passes = try Self.passes(&decoder, script)
    #expect(passes.dropFirst().dropLast().allSatisfy { $0.tokens.count == 4 })
    let origins = passes.flatMap { $0.origins.compactMap { $0?.name } }
    #expect(origins.count > script.text.count / 2 && Set(origins) == ["oracle"])
  }

  @Test(
    "Invalid drafts are not verified or not accepted: tokens outside of the vocabulary, invalid probabilities",
    arguments: UInt64(0)..<20, [LookaheadConfiguration.Schedule.fixed, .automatic])
  func nonsense(seed: UInt64, schedule: LookaheadConfiguration.Schedule) throws {
    let script = RepeatingScript(seed: seed)
    var decoder = try Self.decoder(
      script,
      ClosureDrafter { text, _ in
        var generator = SeededGenerator(seed: seed &+ UInt64(text.count))
        var tree = CandidateTree()
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
          let token =
            [-1, Int.min, Int.max, 1 << 40, 0, 1, 2].randomElement(using: &generator) ?? 0
          let parent = Int.random(in: -1..<tree.nodes.count, using: &generator)
          let probability = [0, -1, 7, .nan, .infinity, -.infinity, 0.5].randomElement(
            using: &generator)
          tree.append(
            token, to: parent < 0 ? nil : parent, origin: DraftOrigin("nonsense \(token)"),
            probability: probability ?? 0)
        }
        return tree
      }, schedule: schedule)
    for accepted in try Self.passes(&decoder, script) {
      #expect(accepted.size?.expectedTokens.isFinite != false)
    }
  }

  @Test("Of a million nodes at most the budget is verified", arguments: [false, true])
  func million(isDeep: Bool) throws {
    let script = RepeatingScript(seed: 5)
    var tree = CandidateTree()
    for index in 0..<1_000_000 {
      tree.append(
        1, to: isDeep && index > 0 ? index - 1 : nil, origin: .file, probability: 1)
    }
    var decoder = try Self.decoder(script, ClosureDrafter { [tree] _, _ in tree })
    var largest = 0
    _ = try decoder.generate(
      prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: 12)
    ) { accepted in
      largest = max(largest, accepted.size?.candidateRows ?? 0)
      return .proceed
    }
    #expect(decoder.text.suffix(12).elementsEqual(script.text.prefix(12)))
    #expect(largest == 3)
  }

  @Test("An error of a drafter reaches the caller, and the text so far is right", arguments: 0..<3)
  func failing(where place: Int) throws {
    struct Failing: Drafter {
      let place: Int
      var passes = 0

      mutating func begin(prompt: [TokenID]) throws {
        if place == 0 { throw Refusal() }
      }
      func propose(after text: [TokenID], within budget: DraftBudget) throws -> CandidateTree {
        if place == 1, passes == 9 { throw Refusal() }
        return CandidateTree()
      }
      mutating func learn(from pass: DraftedPass) throws {
        passes += 1
        if place == 2, passes == 9 { throw Refusal() }
      }
    }
    let script = RepeatingScript(seed: 8)
    var decoder = try Self.decoder(script, Failing(place: place))
    #expect(throws: Refusal()) { try Self.passes(&decoder, script) }
    let generated = decoder.text.dropFirst(script.prompt.count)
    #expect(script.text.starts(with: generated) && generated.count == [0, 9, 9][place])
  }

  @Test("Drafters receive every pass: rows, positions in the text, logits, accepted tokens")
  func told() throws {
    final class Log: @unchecked Sendable { var passes: [DraftedPass] = [] }
    struct Recorder: Drafter {
      let log = Log()
      func propose(after text: [TokenID], within budget: DraftBudget) -> CandidateTree {
        var tree = CandidateTree()
        tree.append(0, to: nil, origin: .file, probability: 0.5)
        return tree
      }
      mutating func learn(from pass: DraftedPass) { log.passes.append(pass) }
    }
    let script = RepeatingScript(seed: 4)
    let recorder = Recorder()
    var decoder = try Self.decoder(script, recorder)
    let passes = try Self.passes(&decoder, script)
    #expect(recorder.log.passes.count == passes.count)
    for (pass, accepted) in zip(recorder.log.passes, passes) {
      #expect(Array(pass.accepted) == accepted.tokens)
      #expect(pass.logits.rows == pass.request.logitRows.count)
      let current = pass.request.logitRows[0]
      let index = pass.request.positions[current]
      #expect(pass.text[index] == pass.request.tokens[current])
      #expect(pass.text.count == index + 1 + accepted.tokens.count)
    }
  }

  @Test(
    "Combined drafters give one tree: shared beginnings, the larger probability, the likeliest first"
  )
  func combined() throws {
    func fixed(_ candidates: [[TokenID]], _ origin: String, _ probability: Double) -> ClosureDrafter
    {
      ClosureDrafter { _, _ in
        var tree = CandidateTree()
        for candidate in candidates {
          tree.insert(candidate, origin: DraftOrigin(origin), probability: probability)
        }
        return tree
      }
    }
    var drafter = CombinedDrafter([
      fixed([[1, 2, 3], [4]], "a", 0.5), fixed([[1, 2, 5], [6, 7]], "b", 0.6),
    ])
    let tree = try drafter.propose(after: [0], within: DraftBudget())
    #expect(Set(tree.candidates) == [[1, 2, 3], [1, 2, 5], [4], [6, 7]])
    #expect(tree.nodes.map(\.pathProbability) == tree.nodes.map(\.pathProbability).sorted(by: >))
    let first = try #require(tree.nodes.first)
    #expect(first.origin.name == "b" && first.probability == 0.6)
    #expect(tree.nodes.first { $0.token == 3 }?.origin.name == "a")
    let small = try drafter.propose(
      after: [0], within: DraftBudget(nodes: 3, candidates: 2, length: 2))
    #expect(small.nodes.count == 3 && small.candidates.count == 2)
    #expect(
      small
        == (try drafter.propose(after: [0], within: DraftBudget(candidates: 2, length: 2))).first(3)
    )

    let script = RepeatingScript(seed: 2)
    let whole = script.prompt + script.text
    var decoder = try Self.decoder(
      script,
      CombinedDrafter([
        IndexDrafter(sources: .all), fixed([[1, 2, 3]], "c", 0.1),
        ClosureDrafter { text, _ in
          var tree = CandidateTree()
          tree.insert(whole[text.count...].prefix(1), origin: DraftOrigin("d"), probability: 1)
          return tree
        },
      ]))
    let passes = try Self.passes(&decoder, script)
    #expect(passes.dropFirst().dropLast().allSatisfy { $0.tokens.count >= 2 })
  }

  @Test(
    "The index is reused if a prompt continues the text")
  func conversation() {
    var drafter = IndexDrafter(sources: .all, earlierTexts: [[7, 8, 9]])
    drafter.begin(prompt: [1, 2, 3])
    drafter.learn(
      from: IndexDrafterTests.pass([1, 2, 3, 4, 5], accepted: 2, predictions: [[3, 6]]))
    drafter.begin(prompt: [1, 2, 3, 4, 5, 6, 2])
    func origin(_ text: [TokenID]) -> String? {
      drafter.propose(after: text, within: DraftBudget(nodes: 1)).nodes.first?.origin.name
    }
    #expect(origin([1]) == "prompt" && origin([4]) == "output" && origin([6]) == "prompt")
    #expect(drafter.proposals(after: [3]).map(\.token).contains(6) && origin([7]) == "file")
    drafter.begin(prompt: [1, 2])
    #expect(origin([4]) == nil && origin([7]) == "file")
  }
}
