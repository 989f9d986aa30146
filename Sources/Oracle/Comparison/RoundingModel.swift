/// How far rounding can carry two forward passes apart: the model of docs/comparing.md and
/// docs/decisions/0043.
///
/// All numbers are ulps of float32, a value smaller than the median magnitude of its row counting
/// as that median (docs/decisions/0026). After block ℓ the mean over the features of a row is at
/// most `c · √ℓ` ulps of the arithmetic's own format, where c is 36 for float32 and 9 for the
/// 16-bit formats, whose sums are kept in float32; 36 for activations in 8 bits and 96 for those in
/// 16, an ulp being 1/127 or 1/32,639 of the largest of a block (docs/decisions/0077). The median
/// of a pass's rows is at most a third of that, and one value at most 24 times that. Where a float32 run and a reference in Double are
/// at hand, what the float32 run is off takes the place of the law.
public struct RoundingModel: Sendable {
  /// The mean error of a row and its largest, in ulps of float32.
  public struct RowError: Equatable, Sendable {
    public var mean: Double
    public var largest: Double
  }

  public let layerCount: Int

  public init(layerCount: Int) {
    precondition(layerCount >= 0, "a model of \(layerCount) blocks")
    self.layerCount = layerCount
  }

  /// Blocks that are assumed where nothing tells how many there are.
  public static let assumedLayerCount = 32
  /// How much lower the median of many rows must be than each of them.
  public static let medianShare = 1.0 / 3
  /// How much larger than the row's mean one value may be.
  public static let largestOverMean = 24.0

  /// Blocks before what a tensor holds; the embedding counts as a sixteenth of one, for rounding
  /// the weights.
  func depth(of tensor: TensorName?) -> Double {
    switch tensor {
    case .hidden(let layer), .attention(let layer): max(Double(layer), 1.0 / 16)
    case .logits, nil: Double(layerCount) + 1
    }
  }

  /// The mean error of a row that rounding explains, in ulps of float32.
  func meanBound(_ tensor: TensorName?, _ precision: Precision) -> Double {
    // No product comes before the embedding.
    let precision = tensor == .hidden(layer: 0) && precision.isInteger ? .float32 : precision
    let own =
      switch precision {
      case .float32, .int8: 36.0
      case .int16: 96.0
      case .f16, .bf16: 9.0
      }
    return own * depth(of: tensor).squareRoot() * precision.ulpsOfFloat32
  }

  /// The same from what a float32 run was off in this row.
  func meanBound(float32 error: RowError, _ precision: Precision) -> Double {
    // Another order of the same sums is off by as much again; 16-bit formats reach 1.4 times the
    // ulps.
    let factor =
      switch precision {
      case .float32: 4.0
      case .int8, .int16: 8.0
      case .f16, .bf16: 2.0
      }
    let own = max(error.mean * factor, 1)
    return own * precision.ulpsOfFloat32
  }

  /// How many times what rounding explains a row is off; at most 1 where it is explained. A bound
  /// that is no number explains nothing.
  func times(_ error: RowError, meanBound: Double) -> Double {
    guard meanBound.isFinite else { return .infinity }
    return max(error.mean / meanBound, error.largest / (meanBound * Self.largestOverMean))
  }

  /// The ulp of float32 at a magnitude; for values that no Float can hold, as if it had any
  /// exponent.
  static func ulp(at magnitude: Double) -> Double {
    let smallest = Double(sign: .plus, exponent: -149, significand: 1)
    guard magnitude.isFinite, magnitude >= Double(Float.leastNormalMagnitude) else {
      return smallest
    }
    return Double(sign: .plus, exponent: magnitude.exponent - 23, significand: 1)
  }
}
