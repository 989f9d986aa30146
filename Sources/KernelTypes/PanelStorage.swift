/// How the weights of a panel are written in memory.
///
/// A panel holds 16 output features, one a lane, as a sequence of groups of some k's: first the
/// scales of the group, 16 of each kind, then the codes, two k's at a time.
///
/// | storage | k's in a group | scales | codes | weight |
/// |---|---|---|---|---|
/// | float32 | 1 | | 32 bits | the code |
/// | bfloat16, float16 | 2 | | 16 bits | the code |
/// | bytes | 32 | d: float16 | 8 bits, signed | `code · d` |
/// | bytesOffset | 32 | d, m: float16 | 8 bits, signed | `code · d + m` |
/// | wideBytes | 32 | d for each 16 k's: float32 | 8 bits, signed | `code · d` |
/// | wideBytesOffset | 32 | d, m: float32 | 8 bits, signed | `code · d + m` |
/// | nibbles | 32 | d: float16 | 4 bits, signed | `code · d` |
/// | nibblesOffset | 32 | d, m: float16 | 4 bits | `code · d + m` |
/// | wideNibblesOffset | 32 | d, m: float32 | 4 bits | `code · d + m` |
///
/// A product `code · d` that is followed by an addition is exact, so the weight is the same `Float`
/// whether the addition is fused with it or not.
public enum PanelStorage: Sendable {
  case float32
  case bfloat16
  case float16
  case bytes
  case bytesOffset
  case wideBytes
  case wideBytesOffset
  case nibbles
  case nibblesOffset
  case wideNibblesOffset

  /// k's in one group; a panel holds whole groups.
  public var groupDepth: Int {
    switch self {
    case .float32: 1
    case .bfloat16, .float16: 2
    default: 32
    }
  }

  /// Bytes of the scales of one group.
  public var scaleBytes: Int {
    switch self {
    case .float32, .bfloat16, .float16: 0
    case .bytes, .nibbles: 32
    case .bytesOffset, .nibblesOffset: 64
    case .wideBytes, .wideBytesOffset, .wideNibblesOffset: 128
    }
  }

  public var groupBytes: Int {
    switch self {
    case .float32, .bfloat16, .float16: 64
    case .bytes, .bytesOffset, .wideBytes, .wideBytesOffset: scaleBytes + 512
    case .nibbles, .nibblesOffset, .wideNibblesOffset: scaleBytes + 256
    }
  }
}
