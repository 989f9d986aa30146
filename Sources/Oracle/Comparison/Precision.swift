/// The arithmetic that a forward pass may be computed in, finer ones first.
public enum Precision: String, Encodable, Sendable, CaseIterable, Comparable {
  case float32
  /// Activations that quantised weights multiply as integers of 16 bits, all else in binary32.
  case int16
  /// Activations in IEEE binary16, sums of products in binary32.
  case f16
  /// Activations in bfloat16, sums of products in binary32.
  case bf16
  /// Activations that quantised weights multiply as integers of 8 bits, as llama.cpp has them, all
  /// else in binary32.
  case int8

  /// Those that any program may compute in, whatever its weights are.
  public static let floatingPoint: [Precision] = [.float32, .f16, .bf16]

  /// Whether activations are rounded to a fraction of the largest of their block, not of themselves.
  public var isInteger: Bool { self == .int16 || self == .int8 }

  /// Bits of the significand, the first one included; of integers all bits, with the sign.
  public var significandBits: Int {
    switch self {
    case .float32: 24
    case .int16: 16
    case .f16: 11
    case .bf16, .int8: 8
    }
  }

  /// An ulp of this format in ulps of float32. That of integers is a step: 1/127 of the largest
  /// activation of a block is about 2⁻⁷ of it, 1/32,639 about 2⁻¹⁵.
  public var ulpsOfFloat32: Double {
    Double(sign: .plus, exponent: 24 - significandBits, significand: 1)
  }

  /// The finest of these that values stored in this format can have been computed in.
  public init(storedAs number: StoredNumber) {
    self = number == .f16 ? .f16 : number == .bf16 ? .bf16 : .float32
  }

  /// The integers of a trace that says in its header that it was computed with such.
  init?(_ arithmetic: TraceHeader.Arithmetic) {
    switch arithmetic {
    case .int16: self = .int16
    case .int8: self = .int8
    case .exact, .blas, .reference: return nil
    }
  }

  public var words: String { isInteger || self == .float32 ? rawValue : rawValue.uppercased() }

  /// What is rounded, as a sentence about rounding begins.
  var roundingInWords: String {
    isInteger
      ? "Rounding of activations to \(significandBits) bits" : "Rounding of \(words) arithmetic"
  }

  /// Finer ones first.
  public static func < (a: Precision, b: Precision) -> Bool {
    (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
  }
}
