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
public enum PanelStorage: Int, CaseIterable, Sendable {
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
  public var groupDepth: Int { visit(GroupShape())?.depth ?? 1 }

  /// Bytes of one group of a panel.
  public var groupBytes: Int {
    visit(GroupShape())?.bytes ?? laneCount &* MemoryLayout<Float>.stride
  }

  /// Calls `visitor` with the format of this storage, so that what it does is compiled for each
  /// format; nil for float32, which needs no decoding.
  @inline(__always)
  func visit<Visitor: PanelFormatVisitor>(_ visitor: Visitor) -> Visitor.Result? {
    switch self {
    case .float32: nil
    case .bfloat16: visitor.visit(BFloat16Panels.self)
    case .float16: visitor.visit(Float16Panels.self)
    case .bytes: visitor.visit(ScaledPanels<SignedBytes, HalfScale>.self)
    case .bytesOffset: visitor.visit(ScaledPanels<SignedBytes, HalfScaleAndOffset>.self)
    case .wideBytes: visitor.visit(ScaledPanels<SignedBytes, FloatScales>.self)
    case .wideBytesOffset: visitor.visit(ScaledPanels<SignedBytes, FloatScaleAndOffset>.self)
    case .nibbles: visitor.visit(ScaledPanels<SignedNibbles, HalfScale>.self)
    case .nibblesOffset: visitor.visit(ScaledPanels<Nibbles, HalfScaleAndOffset>.self)
    case .wideNibblesOffset: visitor.visit(ScaledPanels<Nibbles, FloatScaleAndOffset>.self)
    }
  }
}

/// Something to do with a format.
protocol PanelFormatVisitor {
  associatedtype Result
  func visit<Format: PanelFormat>(_: Format.Type) -> Result
}

private struct GroupShape: PanelFormatVisitor {
  func visit<Format: PanelFormat>(_: Format.Type) -> (depth: Int, bytes: Int) {
    (Format.groupDepth, Format.groupBytes)
  }
}
