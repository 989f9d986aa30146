import Llama
import Lookahead

/// A case that differs from plain decoding: as it was found, the smallest that was found to fail, and
/// where in it the difference is. docs/verifying.md explains the fields.
public struct CounterExample: Codable, Equatable, Sendable {
  /// Which decoding failed first.
  public struct Finding: Codable, Equatable, Sendable {
    public var promptName: String
    public var setting: RunSetting
    public var difference: RunDifference
  }

  /// The pass that a difference shows in.
  public struct Pass: Codable, Equatable, Sendable {
    public var index: Int
    public var cachedCount: Int
    public var rows: Int
    public var row: Int?
    public var position: Int?
  }

  /// Two rows of logits that are not the same.
  public struct Logits: Codable, Equatable, Sendable {
    public var different: Int
    public var count: Int
    public var token: TokenID
    public var expectedBits: String
    public var foundBits: String
    public var expected: Float?
    public var found: Float?

    /// What differs; nil if all bits are the same.
    init?(expected row: ArraySlice<Float>, found other: ArraySlice<Float>) {
      let pairs = zip(row, other).enumerated().filter { $0.1.0.bitPattern != $0.1.1.bitPattern }
      guard let first = pairs.first else { return nil }
      different = pairs.count
      count = row.count
      token = first.offset
      expectedBits = Self.hexadecimal(first.element.0)
      foundBits = Self.hexadecimal(first.element.1)
      expected = first.element.0.isFinite ? first.element.0 : nil
      found = first.element.1.isFinite ? first.element.1 : nil
    }

    private static func hexadecimal(_ value: Float) -> String {
      let digits = String(value.bitPattern, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }
  }

  public var finding: Finding
  public var prompt: [TokenID]
  public var endTokens: [TokenID]
  public var maximumTokens: Int
  public var sampling: TraceSampling
  public var setting: RunSetting
  public var difference: RunDifference
  public var pass: Pass?
  public var logits: Logits?
  public var tried: Int
  public var isSmallest: Bool
  public var isRepeatable: Bool
  public var trace: String?
}
