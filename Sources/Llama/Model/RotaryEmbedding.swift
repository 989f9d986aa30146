import Tensor

/// The angles by which rotary embedding turns the pairs of a head, `[headDim / 2]` for each position.
///
/// Pair `i` at position `p` is turned by the angle `p · frequencies[i]`, a Double. Its cosine and sine
/// are the nearest Floats, the same on every machine (`RotaryFunctions`). Source: arXiv:2104.09864.
public struct RotaryEmbedding: Sendable {
  /// Radians by which each pair turns from one position to the next, `[headDim / 2]`.
  public let frequencies: [Double]

  /// The frequencies `base^(-2i / headDim)`, scaled as the configuration says.
  public init(_ configuration: LlamaConfiguration) {
    let unscaled = RotaryFunctions.frequencies(
      base: configuration.ropeBase, headDim: configuration.headDim)
    switch configuration.ropeScaling {
    case .unscaled:
      frequencies = unscaled
    case .linear(let factor):
      frequencies = unscaled.map { $0 / factor }
    case .divided(let divisors):
      frequencies = zip(unscaled, divisors).map { $0 / $1 }
    case .llama3(let factor, let low, let high, let original):
      frequencies = unscaled.map {
        RotaryEmbedding.llama3(
          $0, factor: factor, lowFrequencyFactor: low, highFrequencyFactor: high,
          originalContextLength: Double(original))
      }
    }
  }

  /// Cosines and sines for the given positions, `[positions.count, headDim / 2]` each.
  /// - Precondition: no angle is negative or above `RotaryFunctions.largestAngle`, as in a validated
  ///   configuration.
  public func angles(positions: [Int]) -> (cosines: Matrix, sines: Matrix) {
    let values = positions.flatMap { position in
      frequencies.map { RotaryFunctions.sineAndCosine(Double(position) * $0) }
    }
    let (rows, columns) = (positions.count, frequencies.count)
    return (
      Matrix(rows: rows, columns: columns, elements: values.map(\.cosine)),
      Matrix(rows: rows, columns: columns, elements: values.map(\.sine))
    )
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
