/// The numbers that turn the codes of a group into weights.
protocol PanelScales {
  /// Bytes before the codes.
  static var byteCount: Int { get }
  /// The weights of one k, which belongs to `pair`.
  static func weights(_ codes: Lanes, _ group: UnsafeRawPointer, pair: Int) -> Lanes
}

/// `code · d`, d a binary16.
enum HalfScale: PanelScales {
  @inline(__always) static var byteCount: Int { 32 }

  @inline(__always)
  static func weights(_ codes: Lanes, _ group: UnsafeRawPointer, pair: Int) -> Lanes {
    codes * halves(group)
  }
}

/// `code · d + m`, both binary16.
enum HalfScaleAndOffset: PanelScales {
  @inline(__always) static var byteCount: Int { 64 }

  @inline(__always)
  static func weights(_ codes: Lanes, _ group: UnsafeRawPointer, pair: Int) -> Lanes {
    halves(group + 32).addingProduct(codes, halves(group))
  }
}

/// `code · d`, one float32 d for the first 16 k's and one for the others.
enum FloatScales: PanelScales {
  @inline(__always) static var byteCount: Int { 128 }

  @inline(__always)
  static func weights(_ codes: Lanes, _ group: UnsafeRawPointer, pair: Int) -> Lanes {
    codes * (group + (pair &>> 3) &* 64).loadUnaligned(as: Lanes.self)
  }
}

/// `code · d + m`, both float32.
enum FloatScaleAndOffset: PanelScales {
  @inline(__always) static var byteCount: Int { 128 }

  @inline(__always)
  static func weights(_ codes: Lanes, _ group: UnsafeRawPointer, pair: Int) -> Lanes {
    (group + 64).loadUnaligned(as: Lanes.self)
      .addingProduct(codes, group.loadUnaligned(as: Lanes.self))
  }
}

/// Sixteen binary16 numbers.
@inline(__always) private func halves(_ source: UnsafeRawPointer) -> Lanes {
  let halves = source.loadUnaligned(as: SIMD16<UInt16>.self)
  var wide = SIMD16<UInt32>()
  for lane in 0..<laneCount { wide[lane] = UInt32(halves[lane]) }
  return float16(wide)
}

/// The binary16 numbers in the low halves of `bits`, whose high halves are zero.
///
/// Written out in integer steps, because Swift's `Float16` does not exist on every platform.
@inline(__always) func float16(_ bits: SIMD16<UInt32>) -> Lanes {
  let magnitude = (bits & SIMD16(repeating: 0x7FFF)) &<< 13
  // Read as binary32, the exponent is too small by 127 - 15 (and a subnormal number stays one);
  // the product with a power of two is exact.
  let scaled = unsafeBitCast(magnitude, to: Lanes.self) * Lanes(repeating: 0x1p112)
  var result = unsafeBitCast(scaled, to: SIMD16<UInt32>.self)
  // What would be 65,536 or more is infinity or NaN. (Comparing integers here would be a loop.)
  result.replace(
    with: magnitude | SIMD16(repeating: 0x7F80_0000), where: scaled .>= Lanes(repeating: 65_536))
  let sign = (bits & SIMD16(repeating: 0x8000)) &<< 16
  return unsafeBitCast(result | sign, to: Lanes.self)
}
