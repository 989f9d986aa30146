/// Thirty-two weights of a block format: `(code - codeOffset) · scale`, plus an offset in formats that
/// have one.
public struct CodeGroup {
  /// What the scales multiply: codes less their offset, or the entries of a table.
  public var integers: [Int]
  /// One for all, or one for each half.
  public var scales: [Float]
  /// As many as scales, or none.
  public var offsets: [Float]

  public init(integers: [Int], scales: [Float], offsets: [Float]) {
    (self.integers, self.scales, self.offsets) = (integers, scales, offsets)
  }
}

/// The arithmetic of `--matmul int16` and `--matmul int8`, in scalar code.
public enum CanonicalIntegers {
  /// Activations that share a scale, as integers: at most 127 or 32,639 in magnitude.
  public static func rounded(_ x: [Float], limit: Float) -> (integers: [Int], scale: Float) {
    let largest = x.map(\.magnitude).max() ?? 0
    let factor = limit / largest
    if !factor.isFinite { return (x.map { _ in 0 }, 0) }
    return (x.map { Int(($0 * factor).rounded(.toNearestOrEven)) }, largest / limit)
  }

  /// `Σ x[k] · w[k]` over the groups of a row of weights.
  /// - Parameters:
  ///   - sharing: activations that share a scale: 32, or 256 for formats with blocks of 256 in int8.
  ///   - roundsScales: whether their scales are rounded to binary16, as in int8 for blocks of 32.
  public static func dot(
    _ x: [Float], _ groups: [CodeGroup], limit: Float, sharing: Int, roundsScales: Bool
  ) -> Float {
    let stored = { (scale: Float) in roundsScales ? Float(Float16(scale)) : scale }
    var total: Float = 0
    for start in stride(from: 0, to: x.count, by: sharing) {
      let end = min(start + sharing, x.count)
      let (integers, scale) = rounded(Array(x[start..<end]), limit: limit)
      for first in stride(from: start, to: end, by: 32) {
        let group = groups[first / 32]
        let size = 32 / group.scales.count
        for part in group.scales.indices {
          let terms = part * size..<(part + 1) * size
          let own = terms.map { integers[first - start + $0] }
          let sum = zip(own, group.integers[terms]).map { $0 * $1 }.reduce(0, +)
          total.addProduct(Float(sum) * stored(scale), group.scales[part])
          if !group.offsets.isEmpty {
            total.addProduct(group.offsets[part], stored(scale * Float(own.reduce(0, +))))
          }
        }
      }
    }
    return total
  }
}
