import Llama
import Lookahead
import TestSupport
import Testing

@testable import Oracle

struct TextScorerTests {
  @Test func `the model's own text has no deviation, and another has its margin and rank`() throws {
    let model = ScriptedModel(seed: 1)
    let prompt = [1, 2, 3]
    var output = model.continuation(of: prompt, count: 300)
    #expect(try TextScorer().score(output, after: prompt, by: model).allSatisfy(\.isChosen))
    let right = output[150]
    output[150] = (right + 1) % 11
    let scores = try TextScorer().score(output, after: prompt, by: model)
    #expect(scores.deviations.first == 150)
    #expect(scores[150].rival == right && scores[150].margin < 0 && scores[150].rank > 1)
  }

  @Test func `what stands behind an end token is chosen by nothing`() throws {
    let model = ScriptedModel(seed: 1)
    let output = model.continuation(of: [1, 2, 3], count: 20)
    let first = try #require(output.firstIndex(of: output[10]))
    let scores = try TextScorer(ends: [output[10]]).score(output, after: [1, 2, 3], by: model)
    #expect(scores.deviations == Array(first + 1..<20))
  }

  @Test func `the first of equal logits is the choice`() {
    let logits: [Float] = [1, 3, 3, 0]
    #expect(ScoredToken(1, logits: logits[...]).rank == 1)
    #expect(ScoredToken(2, logits: logits[...]).rank == 2)
    #expect(ScoredToken(2, logits: logits[...]).margin == 0)
    #expect(
      ScoredToken(3, logits: logits[...]) == ScoredToken(token: 3, rival: 1, margin: -3, rank: 4))
  }

  @Test func `the likelihood of a token follows the logistic distribution`() {
    let even = ScoredToken(token: 1, rival: 2, margin: 0, rank: 2)
    #expect(abs(even.logProbability(noise: 0.1) + 0.693147) < 1e-5)
    let behind = ScoredToken(token: 1, rival: 2, margin: -0.1, rank: 2)
    // 1 / (1 + exp(π/√3)) of one standard deviation.
    #expect(abs(behind.logProbability(noise: 0.1) + 1.965) < 0.001)
    let far = ScoredToken(token: 1, rival: 2, margin: -50, rank: 9)
    #expect(far.logProbability(noise: 0.1) == ScoredToken.leastLogProbability)
    #expect(!far.isExplained(byNoise: 8) && far.isExplained(byNoise: 9))
    #expect(ScoredToken(7, certain: 7).logProbability(noise: 0) == 0)
  }
}
