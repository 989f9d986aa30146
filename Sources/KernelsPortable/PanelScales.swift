import CKernelSupport

/// The scales of a group, loaded once for the group: a kernel that writes weights to memory would
/// otherwise load them again after every store, which may alias them.
protocol PanelScales {
  /// Bytes before the codes.
  static var byteCount: Int { get }
  init(_ group: UnsafeRawPointer)
  /// The weights of one k, which belongs to `pair`.
  func weights(_ codes: Lanes, pair: Int) -> Lanes
}

/// `code · d`, d a binary16.
struct HalfScale: PanelScales {
  private let scale: Lanes
  @inline(__always) static var byteCount: Int { 32 }

  @inline(__always) init(_ group: UnsafeRawPointer) { scale = halves(group) }

  @inline(__always) func weights(_ codes: Lanes, pair: Int) -> Lanes { codes * scale }
}

/// `code · d + m`, both binary16.
struct HalfScaleAndOffset: PanelScales {
  private let scale: Lanes
  private let offset: Lanes
  @inline(__always) static var byteCount: Int { 64 }

  @inline(__always) init(_ group: UnsafeRawPointer) {
    scale = halves(group)
    offset = halves(group + 32)
  }

  @inline(__always) func weights(_ codes: Lanes, pair: Int) -> Lanes {
    offset.addingProduct(codes, scale)
  }
}

/// `code · d`, one float32 d for the first 16 k's and one for the others.
struct FloatScales: PanelScales {
  private let first: Lanes
  private let second: Lanes
  @inline(__always) static var byteCount: Int { 128 }

  @inline(__always) init(_ group: UnsafeRawPointer) {
    first = group.loadUnaligned(as: Lanes.self)
    second = (group + 64).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) func weights(_ codes: Lanes, pair: Int) -> Lanes {
    codes * (pair < 8 ? first : second)
  }
}

/// `code · d + m`, both float32.
struct FloatScaleAndOffset: PanelScales {
  private let scale: Lanes
  private let offset: Lanes
  @inline(__always) static var byteCount: Int { 128 }

  @inline(__always) init(_ group: UnsafeRawPointer) {
    scale = group.loadUnaligned(as: Lanes.self)
    offset = (group + 64).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) func weights(_ codes: Lanes, pair: Int) -> Lanes {
    offset.addingProduct(codes, scale)
  }
}

/// Sixteen binary16 numbers.
@inline(__always) private func halves(_ source: UnsafeRawPointer) -> Lanes {
  float16(kernel_widened_halves(source.loadUnaligned(as: SIMD16<UInt16>.self)))
}

/// The binary16 numbers in the low halves of `bits`, whose high halves are zero.
///
/// Written out in integer steps, because Swift's `Float16` does not exist on every platform.
@inline(__always) func float16(_ bits: SIMD16<UInt32>) -> Lanes {
  let magnitude = (bits & 0x7FFF) &<< 13
  // Read as binary32, the exponent is too small by 127 - 15 (and a subnormal number stays one);
  // the product with a power of two is exact.
  let scaled = unsafeBitCast(magnitude, to: Lanes.self) * Lanes(repeating: 0x1p112)
  var result = unsafeBitCast(scaled, to: SIMD16<UInt32>.self)
  // What would be 65,536 or more is infinity or NaN. (Comparing integers here would be a loop.)
  result.replace(
    with: magnitude | SIMD16(repeating: 0x7F80_0000), where: scaled .>= Lanes(repeating: 65_536))
  let sign = (bits & 0x8000) &<< 16
  return unsafeBitCast(result | sign, to: Lanes.self)
}
