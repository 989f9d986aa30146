import Testing

@testable import Lookahead

@Suite struct SplitMix64Tests {
  @Test("A bounded draw is what randomElement of Swift 6 draws, for many counts and seeds")
  func boundedDraw() {
    let counts =
      Array(1...70) + [127, 128, 1_000, 49_152, 1 << 31, 3 << 61, (1 << 62) + 1, Int.max]
    for count in counts {
      for seed in UInt64(0)..<50 {
        var ours = SplitMix64(seed: seed &* 0x9E37_79B9)
        var theirs = ours
        for _ in 0..<20 {
          #expect(ours.index(below: count) == (0..<count).randomElement(using: &theirs))
        }
        // The same number of draws, rejected ones included.
        #expect(ours.next() == theirs.next())
      }
    }
  }

  @Test("The numbers of seed 0 are fixed: traces depend on them")
  func fixed() {
    var generator = SplitMix64(seed: 0)
    let drawn = (0..<12).map { _ in generator.index(below: 10) }
    #expect(drawn == [8, 4, 0, 9, 1, 3, 1, 7, 2, 9, 3, 7], "\(drawn)")
  }
}
