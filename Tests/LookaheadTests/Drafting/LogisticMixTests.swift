import TestSupport
import Testing

@testable import Lookahead

@Suite struct LogisticMixTests {
  private static func evidence(_ index: Double?, _ one: Double?, _ two: Double?) -> DraftEvidence {
    var evidence = DraftEvidence(
      matchLength: index == nil ? 0 : 2, knowsOne: one != nil, knowsTwo: two != nil)
    for (lane, probability) in [index, one, two].enumerated() {
      evidence.logOdds[lane] = probability.map(LogOdds.of) ?? 0
    }
    return evidence
  }

  @Test("Where the index alone knows the place its probability stays", arguments: 1...99)
  func indexAlone(percent: Int) {
    let probability = Double(percent) / 100
    let found = LogisticMix().probability(Self.evidence(probability, nil, nil))
    #expect(abs(found - probability) < 1e-9)
  }

  @Test("Sources that agree make a draft likelier than those that differ")
  func agreement() {
    let mix = LogisticMix()
    #expect(
      mix.probability(Self.evidence(0.8, 0.7, 0.9)) > mix.probability(Self.evidence(0.8, 0.7, 0.1)))
    #expect(
      mix.probability(Self.evidence(nil, 0.7, 0.9)) > mix.probability(Self.evidence(nil, 0.1, 0.9)))
  }

  @Test("It learns which source is right, and its probabilities become frequencies")
  func learning() {
    var mix = LogisticMix()
    var generator = SeededGenerator(seed: 3)
    var (expected, right) = (0.0, 0)
    let drafts = 40_000
    for draft in 0..<drafts {
      // The index knows nothing about it; the pair of tokens is right as often as it says.
      let truth = Double.random(in: 0.02...0.98, using: &generator)
      let evidence = Self.evidence(Double.random(in: 0.02...0.98, using: &generator), 0.5, truth)
      let isRight = Double.random(in: 0..<1, using: &generator) < truth
      if draft >= drafts / 2 {
        expected += mix.probability(evidence)
        right += isRight ? 1 : 0
      }
      mix.learn(evidence, isRight: isRight)
    }
    #expect(abs(expected / Double(right) - 1) < 0.02)
    #expect(mix.probability(Self.evidence(0.1, 0.5, 0.9)) > 0.8)
    #expect(mix.probability(Self.evidence(0.9, 0.5, 0.1)) < 0.2)
  }

  @Test("Weights that no program wrote are refused")
  func refused() {
    let (weights, trained) = (LogisticMix().weights, LogisticMix().trained)
    #expect(LogisticMix(weights: weights, trained: trained) == LogisticMix())
    #expect(LogisticMix(weights: Array(weights.dropLast()), trained: trained) == nil)
    var wrong = weights
    wrong[3][1] = .nan
    #expect(LogisticMix(weights: wrong, trained: trained) == nil)
    #expect(LogisticMix(weights: weights, trained: trained.map { _ in -1 }) == nil)
  }

  @Test("Frequencies replace the table's probabilities, and old trials fade")
  func record() {
    var record = EvidenceRecord()
    let kind = EvidenceRecord.Kind.listed(context: 2, probability: 0.5)
    #expect(abs(record.probability(of: kind) - 0.428) < 1e-9)
    for _ in 0..<10_000 { record.judge(kind, isRight: false) }
    #expect(record.probability(of: kind) < 0.01)
    for _ in 0..<2_000 { record.judge(kind, isRight: true) }
    #expect(record.probability(of: kind) > 0.5)
    // Every kind has a place of its own.
    for probability in [Float(0), 1e-9, 0.5, 1] {
      for context in 1...2 {
        #expect(record.probability(of: .listed(context: context, probability: probability)) > 0)
      }
    }
    #expect(EvidenceRecord(counts: record.counts) == record)
    #expect(EvidenceRecord(counts: Array(record.counts.dropLast())) == nil)
    #expect(EvidenceRecord(counts: record.counts.map { _ in .init(tried: 1, right: 2) }) == nil)
  }
}
