import TestSupport
import Testing

@testable import Lookahead

@Suite struct PositionalRandomTests {
  @Test("The numbers of a seed are those of SplitMix64 from a scrambled seed on", arguments: 0..<20)
  func definition(seed: UInt64) {
    var scrambler = SplitMix64(seed: seed)
    var generator = SplitMix64(seed: scrambler.next())
    let random = PositionalRandom(seed: seed)
    for position in 0..<50 { #expect(random.bits(at: position) == generator.next()) }
  }

  @Test("The numbers of seed 0 are these on every machine")
  func fixed() {
    let random = PositionalRandom(seed: 0)
    // The first number of SplitMix64(0) is 0xE220A8397B1DCDAF, as its authors' program prints it.
    var generator = SplitMix64(seed: 0xE220_A839_7B1D_CDAF)
    #expect(random.bits(at: 0) == generator.next())
    #expect(random.uniform(at: 0) == Double(random.bits(at: 0) >> 11) / 9_007_199_254_740_992)
  }

  @Test(
    "Numbers are uniform in 0 ..< 1, over seeds and over positions")
  func evenness() {
    var bySeed = [Int](repeating: 0, count: 20)
    var byPosition = bySeed
    for index in 0..<20_000 {
      let a = PositionalRandom(seed: UInt64(index)).uniform(at: 7)
      let b = PositionalRandom(seed: 7).uniform(at: index)
      #expect((0..<1).contains(a) && (0..<1).contains(b))
      bySeed[Int(a * 20)] += 1
      byPosition[Int(b * 20)] += 1
    }
    for counts in [bySeed, byPosition] {
      let (statistic, freedom) = NaiveSampling.chiSquare(
        counts: counts, probabilities: Array(repeating: 0.05, count: 20))
      #expect(statistic < NaiveSampling.criticalChiSquare(freedom: freedom), "\(counts)")
    }
  }
}
