/// A number as the unevaluated sum of two Doubles, about 106 significant bits.
///
/// Uses additions, multiplications, divisions and fused multiply-adds of IEEE 754 only, which have
/// the same result on every machine. Source: Joldes, Muller, Popescu, "Tight and rigorous error
/// bounds for basic building blocks of double-word arithmetic", 2017, whose relative errors are at
/// most a few times 2⁻¹⁰⁶.
struct DoubleDouble {
  /// The sum, rounded to a Double.
  let high: Double
  /// The rest, at most half a unit in the last place of `high`.
  let low: Double

  init(_ high: Double, _ low: Double = 0) { (self.high, self.low) = (high, low) }

  /// The exact sum.
  init(sumOf a: Double, _ b: Double) {
    high = a + b
    let ofB = high - a
    low = (a - (high - ofB)) + (b - ofB)
  }

  /// The exact sum where the exponent of `a` is not below that of `b`.
  private init(sumOfLarger a: Double, _ b: Double) {
    high = a + b
    low = b - (high - a)
  }

  /// The exact product.
  init(productOf a: Double, _ b: Double) {
    high = a * b
    low = (-high).addingProduct(a, b)
  }

  static prefix func - (a: Self) -> Self { Self(-a.high, -a.low) }

  static func + (a: Self, b: Self) -> Self {
    let (highs, lows) = (Self(sumOf: a.high, b.high), Self(sumOf: a.low, b.low))
    let sum = Self(sumOfLarger: highs.high, highs.low + lows.high)
    return Self(sumOfLarger: sum.high, sum.low + lows.low)
  }

  static func * (a: Self, b: Self) -> Self {
    let product = Self(productOf: a.high, b.high)
    return Self(
      sumOfLarger: product.high, product.low + (a.high * b.low + a.low * b.high))
  }

  static func / (a: Self, b: Self) -> Self {
    let quotient = a.high / b.high
    let rest = a + -(b * Self(quotient))
    return Self(sumOfLarger: quotient, rest.high / b.high)
  }

  /// The number rounded to a Float once, to nearest and to even between two.
  var rounded: Float {
    guard low != 0, high.significandBitPattern & 1 == 0 else { return Float(high) }
    // Round to odd first: no Double with an odd last bit lies half-way between two Floats, so the
    // second rounding cannot err (Boldo, Melquiond, 2008).
    return Float((low > 0) == (high > 0) ? high.awayFromZero : high.towardsZero)
  }
}

extension Double {
  fileprivate var awayFromZero: Double { self > 0 ? nextUp : nextDown }
  fileprivate var towardsZero: Double { self > 0 ? nextDown : nextUp }
}
