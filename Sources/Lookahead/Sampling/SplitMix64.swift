/// A small seeded generator: the same seed gives the same numbers on every machine.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// What a step adds to the state: 2⁶⁴ over the golden ratio, made odd.
  static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var state: UInt64

  /// A generator that starts at `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.scrambled(state)
  }

  /// A number drawn evenly from `0 ..< count`, by multiply and shift with rejection.
  ///
  /// The same draws as `Int.random(in: 0..<count, using:)` of Swift 6, whose algorithm may change;
  /// traces promise these numbers. Source: Lemire, "Fast random integer generation in an interval",
  /// arXiv:1805.10941, algorithm 5.
  /// - Precondition: `count` is at least 1.
  public mutating func index(below count: Int) -> Int {
    precondition(count >= 1, "a draw below \(count)")
    let bound = UInt64(count)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// The number that belongs to a state.
  static func scrambled(_ state: UInt64) -> UInt64 {
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
