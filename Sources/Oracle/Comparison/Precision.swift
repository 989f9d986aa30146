/// The arithmetic that a forward pass may be computed in.
public enum Precision: String, Encodable, Sendable, CaseIterable, Comparable {
  case float32
  /// Activations in IEEE binary16, sums of products in binary32.
  case f16
  /// Activations in bfloat16, sums of products in binary32.
  case bf16

  /// Bits of the significand, the first one included.
  public var significandBits: Int {
    switch self {
    case .float32: 24
    case .f16: 11
    case .bf16: 8
    }
  }

  /// An ulp of this format in ulps of float32.
  public var ulpsOfFloat32: Double {
    Double(sign: .plus, exponent: 24 - significandBits, significand: 1)
  }

  /// The finest of these that values stored in this format can have been computed in.
  public init(storedAs number: StoredNumber) {
    self = number == .f16 ? .f16 : number == .bf16 ? .bf16 : .float32
  }

  public var words: String { self == .float32 ? rawValue : rawValue.uppercased() }

  /// Finer ones first.
  public static func < (a: Precision, b: Precision) -> Bool {
    a.significandBits > b.significandBits
  }
}
