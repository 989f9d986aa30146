import Foundation
import TestSupport
import Testing

@testable import Llama

@Suite struct RotaryEmbeddingTests {
  static func frequencies(_ scaling: RotaryScaling, headDim: Int = 8) -> [Double] {
    var configuration = MinimalCheckpoint.configuration
    configuration.headDim = headDim
    configuration.ropeScaling = scaling
    return RotaryEmbedding(configuration).frequencies
  }

  @Test("Pair i turns by base^(-2i / headDim) a position")
  func unscaled() {
    let expected = [1, 0.1, 0.01, 0.001]
    for (found, expected) in zip(Self.frequencies(.unscaled), expected) {
      #expect(abs(found - expected) < 1e-15)
    }
  }

  @Test("Linear scaling and divisors divide")
  func divided() {
    let plain = Self.frequencies(.unscaled)
    #expect(Self.frequencies(.linear(factor: 4)) == plain.map { $0 / 4 })
    #expect(
      Self.frequencies(.divided(by: [1, 2, 3, 4])) == zip(plain, [1, 2, 3, 4]).map { $0 / $1 })
  }

  @Test("Llama 3 keeps short wavelengths, stretches long ones, and blends between without a step")
  func llama3() {
    let plain = Self.frequencies(.unscaled, headDim: 64)
    let scaled = Self.frequencies(
      .llama3(
        factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContextLength: 64),
      headDim: 64)
    for (plain, scaled) in zip(plain, scaled) {
      let wavelength = 2 * Double.pi / plain
      if wavelength < 16 {
        #expect(scaled == plain)
      } else if wavelength > 64 {
        #expect(scaled == plain / 8)
      } else {
        #expect(scaled < plain && scaled > plain / 8)
      }
    }
    #expect(scaled.contains { frequency in plain.contains(frequency) })
    #expect(zip(scaled, scaled.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("Angles are position times frequency")
  func angles() {
    let embedding = RotaryEmbedding(MinimalCheckpoint.configuration)
    let angles = embedding.angles(positions: [0, 3])
    #expect(angles.cosines.row(0).allSatisfy { $0 == 1 })
    #expect(angles.sines.row(0).allSatisfy { $0 == 0 })
    #expect(angles.cosines[1, 0] == Float(cos(3.0)))
    #expect(angles.sines[1, 1] == Float(sin(3 * embedding.frequencies[1])))
  }
}
