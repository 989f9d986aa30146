import KernelTypes

/// How the kernels read the weights of a compact storage (`PanelStorage`), two k's at a time.
protocol PanelFormat {
  /// k's in one group: an even number.
  static var groupDepth: Int { get }
  static var groupBytes: Int { get }
  /// The scales of a group, loaded once for all of its k's.
  associatedtype Scales
  static func scales(_ group: UnsafeRawPointer) -> Scales
  /// The weights of the k's `2 * pair` and `2 * pair + 1` in a group.
  static func weights(
    _ group: UnsafeRawPointer, _ scales: Scales, pair: Int
  ) -> (even: Lanes, odd: Lanes)
}

/// The upper halves of float32 numbers.
enum BFloat16Panels: PanelFormat {
  @inline(__always) static var groupDepth: Int { 2 }
  @inline(__always) static var groupBytes: Int { 64 }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) {}

  @inline(__always)
  static func weights(_ group: UnsafeRawPointer, _: Void, pair: Int) -> (even: Lanes, odd: Lanes) {
    let words = group.loadUnaligned(as: SIMD16<UInt32>.self)
    return (
      unsafeBitCast(words &<< 16, to: Lanes.self),
      unsafeBitCast(words & 0xFFFF_0000, to: Lanes.self)
    )
  }
}

/// IEEE binary16.
enum Float16Panels: PanelFormat {
  @inline(__always) static var groupDepth: Int { 2 }
  @inline(__always) static var groupBytes: Int { 64 }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) {}

  @inline(__always)
  static func weights(_ group: UnsafeRawPointer, _: Void, pair: Int) -> (even: Lanes, odd: Lanes) {
    let words = group.loadUnaligned(as: SIMD16<UInt32>.self)
    return (float16(words & 0xFFFF), float16(words &>> 16))
  }
}

/// Small integers in groups of 32, behind their scales.
enum ScaledPanels<Codes: PanelCodes, Scales: PanelScales>: PanelFormat {
  @inline(__always) static var groupDepth: Int { 32 }
  @inline(__always) static var groupBytes: Int { Scales.byteCount &+ Codes.byteCount }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) -> Scales { Scales(group) }

  @inline(__always)
  static func weights(
    _ group: UnsafeRawPointer, _ scales: Scales, pair: Int
  ) -> (even: Lanes, odd: Lanes) {
    let codes = Codes.codes(group + Scales.byteCount, pair: pair)
    return (scales.weights(codes.even, pair: pair), scales.weights(codes.odd, pair: pair))
  }
}

/// Code that is compiled for each format.
protocol PanelFormatVisitor {
  func visit<Format: PanelFormat>(_: Format.Type)
}

extension PanelStorage {
  /// Calls `visitor` with the format of this storage; not for float32, which needs no decoding.
  @inline(__always)
  func visit<Visitor: PanelFormatVisitor>(_ visitor: Visitor) {
    switch self {
    case .float32: break
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
