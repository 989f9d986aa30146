/// The functions that rotary angles need, computed without the system's library, so that every
/// machine has the same bits.
enum RotaryFunctions {
  /// `base^(-2i / headDim)` for each pair i, `[headDim / 2]`, each rounded once: the relative error
  /// before is below 2⁻⁹⁰.
  /// - Precondition: `base` is positive and finite.
  static func frequencies(base: Double, headDim: Int) -> [Double] {
    precondition(base > 0 && base.isFinite, "a rotary base of \(base)")
    let logarithm = logarithm(base)
    return (0..<headDim / 2).map { pair in
      exponential(
        logarithm * DoubleDouble(Double(-2 * pair)) / DoubleDouble(Double(headDim)))
    }
  }

  /// The natural logarithm, rounded once.
  /// - Precondition: `x` is positive and finite.
  static func naturalLogarithm(_ x: Double) -> Double { logarithm(x).high }

  /// `exp(n · ln 2 + r) = 2ⁿ · exp(r)`, with r up to ½ ln 2.
  private static func exponential(_ x: DoubleDouble) -> Double {
    let twos = (x.high / ln2.high).rounded()
    let rest = x + -(ln2 * DoubleDouble(twos))
    let power = series(from: DoubleDouble(1), terms: 26) { rest / DoubleDouble(Double($0)) }
    return Double(sign: .plus, exponent: Int(twos), significand: power.high)
  }

  /// `ln(2ᵏ · m) = k · ln 2 + 2 · artanh(z)`, with m from √½ to √2 and z = (m - 1) / (m + 1).
  private static func logarithm(_ x: Double) -> DoubleDouble {
    let isLarge = x.significand > 2.0.squareRoot()
    let twos = Double(x.exponent + (isLarge ? 1 : 0))
    let m = isLarge ? x.significand / 2 : x.significand
    let z = DoubleDouble(m - 1) / DoubleDouble(sumOf: m, 1)
    var (sum, power) = (z, z)
    for n in 1...24 {
      power = power * z * z
      sum = sum + power / DoubleDouble(Double(2 * n + 1))
    }
    return ln2 * DoubleDouble(twos) + sum + sum
  }

  /// The largest angle, in radians, that the functions below take.
  static let largestAngle = 0x1p32

  /// Sine and cosine of an angle, each rounded once to a Float.
  ///
  /// Doubles are enough unless the result lies so near the middle between two Floats that their
  /// error might decide to which it is rounded: about once in 2²⁴ times.
  /// - Precondition: `angle` is from 0 to `largestAngle`.
  static func sineAndCosine(_ angle: Double) -> (sine: Float, cosine: Float) {
    precondition(0...largestAngle ~= angle, "an angle of \(angle)")
    let quarters = (angle / halfPi[0]).rounded()
    let rest = quarters == 0 ? DoubleDouble(angle) : remainder(angle, quarters: quarters)
    let sine = fastSine(rest) ?? exact(rest, from: rest, firstFactor: 2)
    let cosine = fastCosine(rest) ?? exact(rest, from: DoubleDouble(1), firstFactor: 1)
    return switch Int(quarters) & 3 {
    case 0: (sine, cosine)
    case 1: (cosine, -sine)
    case 2: (-sine, -cosine)
    default: (-cosine, sine)
    }
  }

  /// `angle - quarters · π/2`, of magnitude up to π/4, with an error below 2⁻¹²⁵; no Double but 0
  /// is nearer than 2⁻⁶² to a multiple of π/2.
  private static func remainder(_ angle: Double, quarters: Double) -> DoubleDouble {
    halfPi.reduce(DoubleDouble(angle)) { $0 + DoubleDouble(productOf: -quarters, $1) }
  }

  private static func fastSine(_ x: DoubleDouble) -> Float? {
    let square = x.high * x.high
    let sum = sineTerms.reduce(0) { $0 * square + $1 }
    return certain(x.high + (x.high * square * sum + x.low))
  }

  private static func fastCosine(_ x: DoubleDouble) -> Float? {
    let square = x.high * x.high
    let sum = cosineTerms.reduce(0) { $0 * square + $1 }
    return certain(1 + (square * sum - x.high * x.low))
  }

  /// The Float nearest to what `value` approximates, unless another may be: the relative error of
  /// `value` is below 2⁻⁴⁹.
  private static func certain(_ value: Double) -> Float? {
    let margin = value * 0x1p-49
    let float = Float(value - margin)
    return float == Float(value + margin) ? float : nil
  }

  /// `first · (1 - x² / (f (f + 1)) · (1 - x² / ((f + 2) (f + 3)) · …))`: the sine of x with `first` = x
  /// and f = 2, the cosine with 1 and 1.
  private static func exact(
    _ x: DoubleDouble, from first: DoubleDouble, firstFactor f: Int
  ) -> Float {
    let square = -(x * x)
    return series(from: first, terms: 15) { n in
      square / DoubleDouble(Double((2 * n + f - 2) * (2 * n + f - 1)))
    }.rounded
  }

  /// The sum of `first`, `first · ratio(1)`, `first · ratio(1) · ratio(2)`, …
  private static func series(
    from first: DoubleDouble, terms: Int, ratio: (Int) -> DoubleDouble
  ) -> DoubleDouble {
    var (sum, term) = (first, first)
    for n in 1...terms {
      term = term * ratio(n)
      sum = sum + term
    }
    return sum
  }

  private static let ln2 = DoubleDouble(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)
  /// π/2 as a sum of Doubles.
  private static let halfPi = [
    0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110,
  ]
  /// ±1 / (2n + 1)!, from n = 8 down to n = 1.
  private static let sineTerms = inverseFactorials(of: [17, 15, 13, 11, 9, 7, 5, 3])
  /// ±1 / (2n)!, from n = 8 down to n = 1.
  private static let cosineTerms = inverseFactorials(of: [16, 14, 12, 10, 8, 6, 4, 2])

  private static func inverseFactorials(of numbers: [Int]) -> [Double] {
    numbers.map { number in
      (number / 2 % 2 == 0 ? 1 : -1) / (1...number).reduce(1) { $0 * Double($1) }
    }
  }
}
