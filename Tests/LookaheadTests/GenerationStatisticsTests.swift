import Llama
import TestSupport
import Testing

@testable import Lookahead

@Suite struct GenerationStatisticsTests {
  @Test("The histogram counts passes by the tokens they accepted", arguments: [2, 4, 6])
  func histogram(ngramSize: Int) throws {
    var decoder = try LookaheadDecoder(
      model: TestModels.tinyLlama.get(), selector: GreedySelector(),
      configuration: LookaheadConfiguration(
        windowSize: 5, ngramSize: ngramSize, candidatesPerToken: 5))
    var counts: [Int] = []
    var sources: [DraftOrigin: Int] = [:]
    let result = try decoder.generate(
      prompt: try TestPrompts.tinyLlama()[0], stop: StopRules(endTokens: [], maximumTokens: 70)
    ) { accepted in
      counts.append(accepted.tokens.count)
      for case let source? in accepted.origins { sources[source, default: 0] += 1 }
      return .proceed
    }
    let statistics = result.statistics
    #expect(statistics.passesByTokens.count <= ngramSize + 1)
    for (tokens, passes) in statistics.passesByTokens.enumerated() {
      #expect(passes == counts.filter { $0 == tokens }.count)
    }
    #expect(statistics.acceptedDrafts == sources && !sources.isEmpty)
    #expect(statistics.tokens == 70 && statistics.passes == counts.count)
    #expect(statistics.passesByTokens.dropFirst(2).contains { $0 > 0 })
    #expect(result.tokensPerPass == 70 / Double(counts.count))
  }
}
