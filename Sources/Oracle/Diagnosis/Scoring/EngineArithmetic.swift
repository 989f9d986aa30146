import Llama
import Tensor

/// The arithmetics that an engine may compute in, and how far each moves the margin between two tokens.
public enum EngineArithmetic: String, Encodable, Sendable, CaseIterable {
  case float32
  /// float32, with keys and values rounded to binary16 in the cache.
  case float16Cache = "float16-cache"
  /// Weights and activations in IEEE binary16.
  case float16 = "f16"
  /// Activations that quantised weights multiply as integers of 8 bits.
  case int8
  /// Weights and activations in bfloat16.
  case bfloat16 = "bf16"

  public var words: String {
    switch self {
    case .float32: "float32"
    case .float16Cache: "a float16 cache"
    case .float16: "F16"
    case .int8: "activations of 8 bits"
    case .bfloat16: "BF16"
    }
  }
}

/// How much the rounding of an arithmetic moves the margin between two likely tokens, measured on the
/// very text that is diagnosed.
public struct ArithmeticNoise: Encodable, Equatable, Sendable {
  public let arithmetic: EngineArithmetic
  /// The standard deviation of the margin's error, in logits, over the rows that were measured.
  public let deviation: Double
  /// The error of the margin between the tokens of the first place where the texts leave the reference
  /// or each other, if there is one.
  public internal(set) var errorAtParting: Double?
}

/// The errors of one arithmetic over some rows of logits.
struct NoiseMeasurement {
  /// The likeliest tokens of a row that count: an error among others flips nothing.
  static let likeliest = 8

  private var squares = 0.0
  private var rows = 0

  /// Adds a row.
  /// - Parameters:
  ///   - logits: of the arithmetic, `[vocabularySize]`.
  ///   - reference: the same in Double.
  mutating func add(_ logits: [Double], reference: [Double]) {
    let tokens = Self.largest(reference)
    guard tokens.count > 1 else { return }
    let errors = tokens.map { logits[$0] - reference[$0] }
    // An error that all logits have in common moves no margin.
    let mean = errors.reduce(0, +) / Double(errors.count)
    squares +=
      errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(errors.count - 1)
    rows += 1
  }

  /// The standard deviation of the error of a difference of two logits.
  var deviation: Double { rows == 0 ? 0 : (2 * squares / Double(rows)).squareRoot() }

  /// The tokens of the largest logits, the largest first.
  static func largest(_ logits: [Double]) -> [TokenID] {
    var found: [TokenID] = []
    for token in logits.indices {
      if found.count == likeliest, let last = found.last, logits[token] <= logits[last] { continue }
      let place = found.firstIndex { logits[token] > logits[$0] } ?? found.count
      found.insert(token, at: place)
      if found.count > likeliest { found.removeLast() }
    }
    return found
  }
}
