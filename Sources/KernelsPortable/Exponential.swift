/// `exp(x)` for each lane, within 1 ulp of the true value; the project's own, since libm's differs
/// from CPU to CPU.
///
/// `x = n·ln2 + r` with n whole and |r| ≤ ln2 / 2; then `exp(x) = 2ⁿ · (1 + r + r²·q(r))`, with q the
/// polynomial of degree 4 that makes the relative error least (below 4·10⁻⁹, before rounding). Below
/// -87 the result is 0 (there are no subnormal results), above 88 it is infinity; NaN stays NaN.
@inline(__always) func exponential(_ x: Lanes) -> Lanes {
  // Adding 1.5 · 2²³ rounds to a whole number and leaves it in the low bits of the sum.
  let rounder = Lanes(repeating: 12_582_912)
  let shifted = rounder.addingProduct(x, Lanes(repeating: 1.442_695_040_888_963_4))
  let n = shifted - rounder
  var r = x.addingProduct(n, Lanes(repeating: -0.693_147_182_464_599_6))  // ln2, rounded to Float
  r.addProduct(n, Lanes(repeating: 1.904_654_212_135_933e-9))  // and what rounding left
  var q = Lanes(repeating: 0.001_381_454_057_991_507_5)
  q = Lanes(repeating: 0.008_368_745_446_205_14).addingProduct(q, r)
  q = Lanes(repeating: 0.041_668_388_992_547_99).addingProduct(q, r)
  q = Lanes(repeating: 0.166_665_211_319_923_4).addingProduct(q, r)
  q = Lanes(repeating: 0.499_999_940_395_355_2).addingProduct(q, r)
  let mantissa = Lanes(repeating: 1) + r.addingProduct(r * r, q)
  // The low bits of `shifted`, moved to the exponent field, multiply by 2ⁿ.
  let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
  var result = unsafeBitCast(
    unsafeBitCast(mantissa, to: SIMD16<UInt32>.self) &+ exponent, to: Lanes.self)
  result.replace(with: 0, where: x .< -87)
  result.replace(with: .infinity, where: x .> 88)
  result.replace(with: x, where: x .!= x)
  return result
}

/// `tanh(x)` for each lane, within 3 ulps: near 0 the odd polynomial of degree 11 that makes the
/// relative error least up to 0.625 (below 3·10⁻⁸), else `1 - 2 / (exp(2|x|) + 1)` with the sign of x.
@inline(__always) func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let square = x * x
  var odd = Lanes(repeating: -5.704_988_727_45e-3)
  odd = Lanes(repeating: 2.063_908_879_54e-2).addingProduct(odd, square)
  odd = Lanes(repeating: -5.373_971_555_31e-2).addingProduct(odd, square)
  odd = Lanes(repeating: 1.333_144_220_36e-1).addingProduct(odd, square)
  odd = Lanes(repeating: -3.333_328_194_22e-1).addingProduct(odd, square)
  let small = x.addingProduct(x * square, odd)
  let isNegative = x .< Lanes.zero
  let magnitude = x.replacing(with: Lanes.zero - x, where: isNegative)
  let large =
    Lanes(repeating: 1)
    - Lanes(repeating: 2) / (exponential(magnitude + magnitude) + Lanes(repeating: 1))
  let signed = large.replacing(with: Lanes.zero - large, where: isNegative)
  return signed.replacing(with: small, where: magnitude .< Lanes(repeating: 0.625))
}
