/// Random numbers that are a function of a seed and a position of the text alone, whatever the order
/// and the passes in which positions are decided.
///
/// The numbers are those of `SplitMix64`, whose state after n numbers is the first state plus
/// n · 0x9E3779B97F4A7C15. The first state is the first number of the `SplitMix64` of the seed, so that
/// the sequences of neighbouring seeds are unrelated.
struct PositionalRandom {
  private let firstState: UInt64

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    firstState = generator.next()
  }

  func bits(at position: Int) -> UInt64 {
    let steps = UInt64(truncatingIfNeeded: position) &+ 1
    return SplitMix64.scrambled(firstState &+ steps &* SplitMix64.increment)
  }

  /// The upper 53 bits as a multiple of 2⁻⁵³ in 0 ..< 1.
  func uniform(at position: Int) -> Double {
    Double(bits(at: position) >> 11) * 0x1p-53
  }
}
