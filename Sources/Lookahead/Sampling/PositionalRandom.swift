/// Random numbers by position: each is a function of a seed and a position of the text, and of
/// nothing else. So it does not matter in which order, in which pass or how often positions are
/// asked for.
///
/// The numbers of a seed are those of `SplitMix64`, which counts: its state after n numbers is the
/// first state plus n · 0x9E3779B97F4A7C15. The first state is the first number of the `SplitMix64`
/// of the seed itself, so that neighbouring seeds have nothing in common.
struct PositionalRandom {
  private let firstState: UInt64

  /// The numbers of a seed.
  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    firstState = generator.next()
  }

  /// 64 random bits.
  func bits(at position: Int) -> UInt64 {
    let steps = UInt64(truncatingIfNeeded: position) &+ 1
    return SplitMix64.scrambled(firstState &+ steps &* SplitMix64.increment)
  }

  /// A number from 0 to below 1, a multiple of 2⁻⁵³: the upper 53 bits.
  func uniform(at position: Int) -> Double {
    Double(bits(at: position) >> 11) * 0x1p-53
  }
}
