import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// One model, many decoders, many threads: the bits that each gets alone.
struct ConcurrencyTests {
  /// The tokens of a text, and the bits of their logits.
  struct Text: Equatable {
    var tokens: [TokenID] = []
    var logits: [UInt32] = []
  }

  /// One way of making a text.
  struct Job: Sendable {
    let prompt: [TokenID]
    let isLookahead: Bool
    let temperature: Float

    func text(_ model: LlamaModel) throws -> Text {
      let selector = SamplingSelector(
        try SamplingConfiguration(temperature: temperature, seed: 11))
      let sizes = try LookaheadConfiguration(
        windowSize: 3, ngramSize: 4, candidatesPerToken: 4)
      var decoder: any Decoder =
        isLookahead
        ? try LookaheadDecoder(model: model, selector: selector, configuration: sizes)
        : try AutoregressiveDecoder(model: model, selector: selector)
      var text = Text()
      let stop = StopRules(endTokens: [], maximumTokens: 24)
      _ = try decoder.generate(prompt: prompt, stop: stop) { accepted in
        text.tokens += accepted.tokens
        for row in accepted.logitRows { text.logits += accepted.logits.row(row).map(\.bitPattern) }
        return .proceed
      }
      return text
    }
  }

  private static func jobs() throws -> [Job] {
    try TestPrompts.tinyLlama().prefix(3).flatMap { prompt in
      [(true, 0), (false, 0), (true, 0.9), (false, 0.9)].map {
        Job(prompt: prompt, isLookahead: $0, temperature: $1)
      }
    }
  }

  @Test(arguments: [1, 3])
  func `texts made at the same time on one model are those made alone`(threads: Int) async throws {
    let model = try TestModels.model("tiny-llama", threads: threads)
    let jobs = try Self.jobs()
    let alone = try jobs.map { try $0.text(model) }
    let together = try await withThrowingTaskGroup(of: (Int, Text).self) { group in
      for (index, job) in Array(jobs.enumerated()) + jobs.enumerated() {
        group.addTask { (index, try job.text(model)) }
      }
      var found: [(Int, Text)] = []
      for try await text in group { found.append(text) }
      return found
    }
    #expect(together.count == 2 * jobs.count)
    for (index, text) in together { #expect(text == alone[index]) }
  }

  @Test func `models made and released, and cancelled texts, do not affect others`() async throws {
    let expected = try Self.jobs()[0].text(TestModels.tinyLlama.get())
    await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          let model = try TestModels.model("tiny-llama", threads: 1 + number % 3)
          for round in 0..<3 {
            let task = Task {
              let stream = AsyncDecoder(
                try AutoregressiveDecoder(model: model, selector: GreedySelector()))
              let endless = StopRules(endTokens: [], maximumTokens: 900)
              var count = 0
              for try await event in stream.generate(prompt: [5, 6, 7], stop: endless) {
                if case .tokens(let tokens) = event { count += tokens.count }
                if count > 3 + round { break }
              }
            }
            if round == 1 { task.cancel() }
            #expect(try Self.jobs()[0].text(model) == expected)
            _ = await task.result
          }
        }
      }
      while let result = await group.nextResult() {
        #expect(throws: Never.self) { try result.get() }
      }
    }
  }
}
