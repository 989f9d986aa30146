import Files
import Foundation
import TestSupport
import Testing

@testable import Llama

/// `golden/rotary.json`, made by mpmath with `generate/make_rotary_goldens.py`.
private struct RotaryGolden: Decodable {
  struct Scaling: Decodable {
    let factor: Double
    let low_freq_factor: Double?
    let high_freq_factor: Double?
    let original: Int?
  }

  struct Setting: Decodable, CustomTestStringConvertible {
    let base: Double
    let head_dim: Int
    let scaling: Scaling?
    /// Bit patterns of the frequencies.
    let values: [String]?
    /// Digest of the cosines and sines of all positions.
    let sha256: String?

    var testDescription: String { "base \(base), head size \(head_dim), \(scaling as Any)" }

    var embedding: RotaryEmbedding {
      var configuration = MinimalCheckpoint.configuration
      configuration.ropeBase = base
      configuration.headDim = head_dim
      if let scaling {
        configuration.ropeScaling = .linear(factor: scaling.factor)
        if let low = scaling.low_freq_factor, let high = scaling.high_freq_factor,
          let original = scaling.original
        {
          configuration.ropeScaling = .llama3(
            factor: scaling.factor, lowFrequencyFactor: low, highFrequencyFactor: high,
            originalContextLength: original)
        }
      }
      return RotaryEmbedding(configuration)
    }
  }

  struct Angle: Decodable {
    let angle: String
    let cosine: String
    let sine: String
  }

  let frequencies: [Setting]
  let angles: [Angle]
  /// First position, number of positions, step.
  let positions: [[Int]]
  let tables: [Setting]

  static let all = Result {
    try JSONDecoder().decode(
      RotaryGolden.self,
      from: Data(contentsOf: URL(fileURLWithPath: FixturePath.path("golden/rotary.json"))))
  }
}

struct RotaryGoldenTests {
  @Test func `frequencies are the nearest Doubles`() throws {
    let settings = try RotaryGolden.all.get().frequencies
    #expect(settings.count == 27)
    for setting in settings {
      let found = setting.embedding.frequencies.map { hexadecimal($0.bitPattern, digits: 16) }
      #expect(found == setting.values, "\(setting.testDescription)")
    }
  }

  @Test func `cosines and sines are the nearest Floats, also where that is hard to tell`() throws {
    let angles = try RotaryGolden.all.get().angles
    #expect(angles.count == 203)
    for golden in angles {
      let angle = Double(bitPattern: try #require(UInt64(golden.angle, radix: 16)))
      let (sine, cosine) = RotaryFunctions.sineAndCosine(angle)
      #expect(hexadecimal(UInt64(sine.bitPattern), digits: 8) == golden.sine, "sin \(angle)")
      #expect(hexadecimal(UInt64(cosine.bitPattern), digits: 8) == golden.cosine, "cos \(angle)")
    }
  }

  @Test func `tables for positions up to 131072 and beyond have the bits of mpmath's`() throws {
    let golden = try RotaryGolden.all.get()
    let positions = golden.positions.flatMap { range in
      (0..<range[1]).map { range[0] + $0 * range[2] }
    }
    #expect(positions.contains(131_072) && positions.max() == 1 << 27 - 1)
    for setting in golden.tables {
      let angles = setting.embedding.angles(positions: positions)
      var digest = SHA256()
      for row in positions.indices {
        digest.update(angles.cosines.row(row))
        digest.update(angles.sines.row(row))
      }
      #expect(digest.hexDigest == setting.sha256, "\(setting.testDescription)")
    }
  }

  /// The system's functions are not rounded correctly by any promise, but nearly so.
  @Test(arguments: [10_000.0, 100_000, 500_000, 1_000_000])
  func `the C library agrees but for the last bit of a few numbers`(base: Double) {
    let frequencies = RotaryFunctions.frequencies(base: base, headDim: 64)
    for (pair, frequency) in frequencies.enumerated() {
      let other = pow(base, -Double(pair) / 32)
      #expect(abs(frequency - other) <= frequency.ulp)
    }
    var differences = 0
    for position in Array(0..<2_000) + [32_768, 65_535, 131_071, 131_072, 1_048_576] {
      for frequency in frequencies {
        let angle = Double(position) * frequency
        let (sine, cosine) = RotaryFunctions.sineAndCosine(angle)
        for (ours, theirs) in [(sine, Float(sin(angle))), (cosine, Float(cos(angle)))] {
          #expect(abs(ours - theirs) <= ours.ulp, "at \(angle)")
          differences += ours == theirs ? 0 : 1
        }
      }
    }
    #expect(differences <= 2)
  }

  @Test func `bases of any magnitude have frequencies`() {
    for base in [Double.leastNonzeroMagnitude, 1, 2, Double.greatestFiniteMagnitude] {
      let frequencies = RotaryFunctions.frequencies(base: base, headDim: 4)
      #expect(frequencies[0] == 1)
      let other = 1 / base.squareRoot()
      #expect(abs(frequencies[1] - other) <= 2 * other.ulp)
    }
  }

  private func hexadecimal(_ bits: UInt64, digits: Int) -> String {
    let text = String(bits, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
