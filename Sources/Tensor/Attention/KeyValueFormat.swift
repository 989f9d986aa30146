/// The form in which a cache holds keys and values.
///
/// Unlike the form of the weights it is part of what is computed: float16 rounds every key and value
/// once, when it is stored, and so changes results. Either form keeps the contract of
/// docs/numerics.md.
public enum KeyValueFormat: String, CaseIterable, Sendable, Codable {
  /// As they were computed.
  case float32
  /// IEEE binary16: rounded to nearest, ties to even, which takes half the memory; a magnitude of
  /// 65,520 or more becomes infinity.
  case float16

  public var bytesPerNumber: Int {
    switch self {
    case .float32: 4
    case .float16: 2
    }
  }
}
