import Tensor

/// The angles by which rotary embedding turns the pairs of a head, `[rotaryDim / 2]` for each position.
///
/// Pair `i` at position `p` is turned by the angle `p · frequencies[i]`, a Double. Its cosine and sine
/// are the nearest Floats, the same on every machine (`RotaryFunctions`). Source: arXiv:2104.09864.
public struct RotaryEmbedding: Sendable {
  /// Radians by which each pair turns from one position to the next, `[rotaryDim / 2]`; none where
  /// nothing is rotated.
  public let frequencies: [Double]
  /// By what cosines and sines are multiplied.
  public let attentionFactor: Double

  /// The frequencies `base^(-2i / rotaryDim)`, scaled as the configuration says.
  public init(_ configuration: LlamaConfiguration, rotation: LayerRotation = .global) {
    switch rotation {
    case .none:
      (frequencies, attentionFactor) = ([], 1)
    case .local:
      let base = configuration.variant.localRopeBase ?? configuration.ropeBase
      frequencies = RotaryFunctions.frequencies(base: base, headDim: configuration.rotaryDim)
      attentionFactor = 1
    case .global:
      let unscaled = RotaryFunctions.frequencies(
        base: configuration.ropeBase, headDim: configuration.rotaryDim)
      frequencies = configuration.ropeScaling.scale(unscaled, base: configuration.ropeBase)
      attentionFactor = configuration.ropeScaling.attentionFactor
    }
  }

  /// Cosines and sines for the given positions, `[positions.count, rotaryDim / 2]` each, multiplied by
  /// the attention factor as a Float.
  /// - Precondition: no angle is negative or above `RotaryFunctions.largestAngle`, as in a validated
  ///   configuration.
  public func angles(positions: [Int]) -> (cosines: Matrix, sines: Matrix) {
    let values = positions.flatMap { position in
      frequencies.map { RotaryFunctions.sineAndCosine(Double(position) * $0) }
    }
    let (rows, columns) = (positions.count, frequencies.count)
    let factor = Float(attentionFactor)
    return (
      Matrix(rows: rows, columns: columns, elements: values.map { $0.cosine * factor }),
      Matrix(rows: rows, columns: columns, elements: values.map { $0.sine * factor })
    )
  }
}

extension LlamaConfiguration {
  /// The frequencies of each rotation that some layer has; `none` has none.
  var rotaries: [LayerRotation: RotaryEmbedding] {
    let rotations = Set((0..<layerCount).map { layer($0).rotation }).subtracting([.none])
    return Dictionary(
      uniqueKeysWithValues: rotations.map { ($0, RotaryEmbedding(self, rotation: $0)) })
  }
}

extension RotaryScaling {
  /// By what cosines and sines are multiplied.
  public var attentionFactor: Double {
    switch self {
    case .unscaled, .linear, .llama3: 1
    case .yarn(let yarn): yarn.attentionFactor
    case .divided(_, let attentionFactor): attentionFactor
    }
  }

  /// The scaled frequencies of all pairs.
  fileprivate func scale(_ frequencies: [Double], base: Double) -> [Double] {
    switch self {
    case .unscaled: frequencies
    case .linear(let factor): frequencies.map { $0 / factor }
    case .divided(let divisors, _): zip(frequencies, divisors).map { $0 / $1 }
    case .yarn(let yarn): yarn.scale(frequencies, base: base)
    case .llama3(let factor, let low, let high, let original):
      frequencies.map {
        Self.llama3(
          $0, factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high,
          originalContextLength: Double(original))
      }
    }
  }

  /// Llama 3.1's rule, by wavelength `2π / frequency` against the original context length `L`:
  /// above `L / low` the frequency is divided by `factor`, below `L / high` it is kept, and between
  /// them the two are blended in proportion to where `L / wavelength` lies from `low` to `high`.
  private static func llama3(
    _ frequency: Double, factor: Double, lowFrequencyFactor low: Double,
    highFrequencyFactor high: Double, originalContextLength: Double
  ) -> Double {
    let wavelength = 2 * Double.pi / frequency
    if wavelength > originalContextLength / low { return frequency / factor }
    if wavelength < originalContextLength / high { return frequency }
    let kept = (originalContextLength / wavelength - low) / (high - low)
    return (1 - kept) * frequency / factor + kept * frequency
  }
}

extension YarnScaling {
  /// The attention factor where none is stated: `0.1 · ln(factor) + 1`, 1 for a factor up to 1.
  static func attentionFactor(factor: Double, multiplier: Double = 1) -> Double {
    factor <= 1 ? 1 : 0.1 * multiplier * RotaryFunctions.naturalLogarithm(factor) + 1
  }

  /// Pair i is kept below the pair that turns `betaFast` times within the original context, divided by
  /// the factor above the one that turns `betaSlow` times, and blended in proportion between them.
  fileprivate func scale(_ frequencies: [Double], base: Double) -> [Double] {
    let dimension = Double(2 * frequencies.count)
    var first = pair(turning: betaFast, dimension: dimension, base: base)
    var last = pair(turning: betaSlow, dimension: dimension, base: base)
    if roundsBounds { (first, last) = (first.rounded(.down), last.rounded(.up)) }
    (first, last) = (max(first, 0), min(last, dimension - 1))
    if first == last { last += 0.001 }
    return frequencies.enumerated().map { pair, frequency in
      let divided = min(max((Double(pair) - first) / (last - first), 0), 1)
      return frequency / factor * divided + frequency * (1 - divided)
    }
  }

  /// The pair, as a real number, that turns so often: `d · ln(L / (2π · turns)) / (2 · ln base)`.
  private func pair(turning turns: Double, dimension: Double, base: Double) -> Double {
    let wavelength = Double(originalContextLength) / (turns * 2 * .pi)
    return dimension * RotaryFunctions.naturalLogarithm(wavelength)
      / (2 * RotaryFunctions.naturalLogarithm(base))
  }
}
