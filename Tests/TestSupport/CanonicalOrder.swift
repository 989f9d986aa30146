/// The order of every reduction, in scalar code: what docs/numerics.md promises and the kernels must
/// give bit for bit.
public enum CanonicalOrder {
  /// Terms of one fused chain.
  public static let block = 128

  /// `Σ a[k] · b[k]` as in a matrix product, a score or a weighted sum of values.
  public static func dot(_ a: [Float], _ b: [Float]) -> Float {
    var total: Float = 0
    for start in stride(from: 0, to: a.count, by: block) {
      var chain: Float = 0
      for k in start..<min(start + block, a.count) { chain.addProduct(a[k], b[k]) }
      total += chain
    }
    return total
  }

  /// `Σ terms` as in RMSNorm and softmax: sixteen lanes, then a tree.
  public static func laneSum(_ terms: [Float], _ add: (inout Float, Float) -> Void) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (i, term) in terms.enumerated() { add(&lanes[i % 16], term) }
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }

  /// RMSNorm of one row.
  public static func rmsNorm(_ x: [Float], weight: [Float], epsilon: Float) -> [Float] {
    let squares = laneSum(x) { $0.addProduct($1, $1) }
    let scale = 1 / (squares / Float(x.count) + epsilon).squareRoot()
    return zip(x, weight).map { $1 * ($0 * scale) }
  }

  /// `exp(x)`: `2ⁿ · (1 + r + r² q(r))`.
  public static func exponential(_ x: Float) -> Float {
    if x.isNaN { return x }
    if x < -87 { return 0 }
    if x > 88 { return .infinity }
    let rounder: Float = 12_582_912
    let n = rounder.addingProduct(x, 1.442_695_040_888_963_4) - rounder
    var r = x.addingProduct(n, -0.693_147_182_464_599_6)
    r.addProduct(n, 1.904_654_212_135_933e-9)
    var q: Float = 0.001_381_454_057_991_507_5
    for coefficient: Float in [
      0.008_368_745_446_205_14, 0.041_668_388_992_547_99, 0.166_665_211_319_923_4,
      0.499_999_940_395_355_2,
    ] { q = coefficient.addingProduct(q, r) }
    let mantissa = 1 + r.addingProduct(r * r, q)
    return Float(sign: .plus, exponent: Int(n), significand: mantissa)
  }

  /// SwiGLU of one element.
  public static func swiGLU(gate: Float, up: Float) -> Float {
    gate / (1 + exponential(0 - gate)) * up
  }

  /// One head rotated by the angles with these cosines and sines.
  public static func rotate(_ x: [Float], cosines: [Float], sines: [Float]) -> [Float] {
    let half = x.count / 2
    let first = (0..<half).map { (-(x[$0 + half] * sines[$0])).addingProduct(x[$0], cosines[$0]) }
    let second = (0..<half).map { (x[$0] * sines[$0]).addingProduct(x[$0 + half], cosines[$0]) }
    return first + second
  }

  /// A key or value as a float16 cache holds it: rounded to nearest, ties to even.
  public static func float16(_ x: Float) -> Float {
    if !x.isFinite { return x }
    // Numbers of 11 bits, from 2⁻¹⁴ downwards 2⁻²⁴ apart.
    let spacing = Float(sign: .plus, exponent: max(x.exponent, -14) - 10, significand: 1)
    let rounded = (x / spacing).rounded(.toNearestOrEven) * spacing
    return abs(rounded) < 65_536 ? rounded : rounded * .infinity
  }

  /// Attention of one query over keys and values in list order.
  public static func attention(_ q: [Float], keys: [[Float]], values: [[Float]]) -> [Float] {
    let scale = 1 / Float(q.count).squareRoot()
    let scores = keys.map { dot(q, $0) * scale }
    let largest = scores.max() ?? 0
    let numerators = scores.map { exponential($0 - largest) }
    let denominator = laneSum(numerators) { $0 += $1 }
    return q.indices.map { d in dot(numerators, values.map { $0[d] }) / denominator }
  }
}
