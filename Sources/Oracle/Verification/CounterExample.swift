import Llama
import Lookahead

/// A case that differs from plain decoding: as it was found, the smallest that was found to fail, and
/// where in it the difference is.
public struct CounterExample: Codable, Equatable, Sendable {
  /// Which decoding failed first.
  public struct Finding: Codable, Equatable, Sendable {
    public var promptName: String
    public var setting: RunSetting
    public var difference: RunDifference
  }

  /// The pass that a difference shows in.
  public struct Pass: Codable, Equatable, Sendable {
    /// Its number, from 0, in the run and in its trace.
    public var index: Int
    /// Tokens in the cache before it.
    public var cachedCount: Int
    public var rows: Int
    /// The row that the token was chosen from; left out where none was.
    public var row: Int?
    /// That row's position; left out where there is none.
    public var position: Int?
  }

  /// Two rows of logits that are not the same.
  public struct Logits: Codable, Equatable, Sendable {
    /// How many of them differ.
    public var different: Int
    /// The vocabulary.
    public var count: Int
    /// The first token whose logits differ.
    public var token: TokenID
    /// In plain decoding, as 8 hexadecimal digits.
    public var expectedBits: String
    /// In the run.
    public var foundBits: String
    /// In plain decoding; left out where it is not finite.
    public var expected: Float?
    /// In the run; left out where it is not finite.
    public var found: Float?

    /// What differs; nothing if all bits are the same.
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
  /// Of the smallest case: the prompt's tokens.
  public var prompt: [TokenID]
  /// Of the smallest case: the tokens that end the text, ascending.
  public var endTokens: [TokenID]
  /// Of the smallest case: tokens to make at the most.
  public var maximumTokens: Int
  /// Of the smallest case: how tokens are chosen.
  public var sampling: TraceSampling
  /// Of the smallest case: how it is decoded.
  public var setting: RunSetting
  /// Where the smallest case differs.
  public var difference: RunDifference
  /// The pass that it shows in; left out where it did not show again.
  public var pass: Pass?
  /// The rows of logits; left out where they are not what differs.
  public var logits: Logits?
  /// Cases that were tried to find it.
  public var tried: Int
  /// Whether no single step to a smaller case fails.
  public var isSmallest: Bool
  /// Whether the case that was found failed again when it was repeated.
  public var isRepeatable: Bool
  /// The folder with the trace of the smallest case, up to that pass; left out where there is none.
  public var trace: String?
}
