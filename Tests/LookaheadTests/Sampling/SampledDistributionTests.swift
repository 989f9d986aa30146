import Llama
import Synchronization
import Tensor
import TestSupport
import Testing

@testable import Lookahead

/// What is sampled has the model's distribution. Every seed is fixed, so the result is too; a right
/// sampler would fail with one in a thousand choices of the seeds.
@Suite struct SampledDistributionTests {
  static let topK = 3
  static let temperature: Float = 1.5
  static let depth = 3
  static let draws = 1_000

  /// Draws with a seed that can be changed, so that one decoder, which keeps its cache, serves all.
  final class Reseeded: TokenSelector {
    let seed = Mutex<UInt64>(0)

    func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
      let configuration = try SamplingConfiguration(
        temperature: temperature, topK: topK, seed: seed.withLock { $0 })
      return try SamplingSelector(configuration).select(from: logits, row: row, after: prefix)
    }
  }

  /// One thread: passes are small, and other tests use the cores.
  static let model = Result { try TestModels.model("tiny-llama", threads: 1) }

  /// The fixture model's logits after a text.
  static func logits(after text: [TokenID]) throws -> [Double] {
    let model = try model.get()
    var cache = model.makeCache()
    return try model.forward(
      tokens: text, positions: Array(text.indices),
      mask: .causal(cachedCount: 0, queries: text.count), logitRows: [text.count - 1],
      cache: &cache
    ).row(0).map(Double.init)
  }

  /// Continuations of `depth` tokens and their probabilities, by definition and in Double.
  static func distribution(after text: [TokenID], depth: Int) throws -> [[TokenID]: Double] {
    if depth == 0 { return [[]: 1] }
    let kept = NaiveSampling.topK(try logits(after: text), topK)
    let probabilities = NaiveSampling.softmax(kept.map { $0 / Double(temperature) })
    var joint: [[TokenID]: Double] = [:]
    for token in probabilities.indices where probabilities[token] > 0 {
      for (rest, probability) in try distribution(after: text + [token], depth: depth - 1) {
        joint[[token] + rest] = probabilities[token] * probability
      }
    }
    return joint
  }

  @Test(
    "Three tokens in a row are drawn with the probability that the model gives them",
    arguments: [false, true])
  func joint(usesLookahead: Bool) throws {
    let model = try Self.model.get()
    // A beginning that has more than one continuation, twice, so that there are candidates.
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let prompt = tokenizer.encode(
      "The fox went to the river and met the frog. The bear went to the",
      addSpecialTokens: false, parseSpecialTokens: false)
    let expected = try Self.distribution(after: prompt, depth: Self.depth)
    let stop = StopRules(endTokens: [], maximumTokens: Self.depth)
    let sizes = try LookaheadConfiguration(windowSize: 2, ngramSize: 2, candidatesPerToken: 4)
    let selector = Reseeded()
    var decoder: any Decoder =
      usesLookahead
      ? try LookaheadDecoder(model: model, selector: selector, configuration: sizes)
      : try AutoregressiveDecoder(model: model, selector: selector)
    var counts: [[TokenID]: Int] = [:]
    var passes = 0
    for seed in 0..<Self.draws {
      selector.seed.withLock { $0 = UInt64(seed) }
      let result = try decoder.generate(prompt: prompt, stop: stop)
      counts[result.tokens, default: 0] += 1
      passes += result.passes
    }
    #expect(counts.keys.allSatisfy { expected[$0] != nil })
    let cells = expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    let (statistic, freedom) = NaiveSampling.chiSquare(
      counts: cells.map { counts[$0.key] ?? 0 }, probabilities: cells.map(\.value))
    #expect(freedom >= 8)
    #expect(statistic < NaiveSampling.criticalChiSquare(freedom: freedom), "\(freedom) degrees")
    // Some of the tokens were accepted from candidates, and have the same distribution.
    #expect(usesLookahead == (passes < Self.depth * Self.draws))
  }

  @Test("The test detects a slightly different distribution")
  func power() throws {
    let counts = [400, 300, 200, 100]
    let right = NaiveSampling.chiSquare(counts: counts, probabilities: [0.4, 0.3, 0.2, 0.1])
    let wrong = NaiveSampling.chiSquare(counts: counts, probabilities: [0.34, 0.3, 0.24, 0.12])
    #expect(right.statistic < NaiveSampling.criticalChiSquare(freedom: right.freedom))
    #expect(wrong.statistic > NaiveSampling.criticalChiSquare(freedom: wrong.freedom))
  }
}
