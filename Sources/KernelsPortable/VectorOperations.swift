import CKernelSupport

// In place of the standard library's operations of the same names, which are loops over lanes: same
// results, but a sixth of the time to compile (docs/decisions/0070).

extension SIMD16<Float> {
  @inline(__always) init(repeating value: Float) { self = kernel_splat(value) }

  @inline(__always) static func + (a: Self, b: Self) -> Self { kernel_add(a, b) }

  @inline(__always) static func += (a: inout Self, b: Self) { a = a + b }

  @inline(__always) static func * (a: Self, b: Self) -> Self { kernel_multiply(a, b) }

  /// `self + a · b`, each lane rounded once.
  @inline(__always) func addingProduct(_ a: Self, _ b: Self) -> Self { kernel_fma(self, a, b) }

  @inline(__always) mutating func addProduct(_ a: Self, _ b: Self) { self = addingProduct(a, b) }
}

extension SIMD16<UInt32> {
  @inline(__always) static func & (a: Self, mask: UInt32) -> Self { kernel_and(a, mask) }

  @inline(__always) static func | (a: Self, b: Self) -> Self { kernel_or(a, b) }

  @inline(__always) static func &<< (a: Self, bits: UInt32) -> Self { kernel_shift_left(a, bits) }

  @inline(__always) static func &>> (a: Self, bits: UInt32) -> Self { kernel_shift_right(a, bits) }
}

extension SIMD16<Int32> {
  @inline(__always) init(repeating value: Int32) { self = kernel_integers_splat(value) }

  @inline(__always) static func &+ (a: Self, b: Self) -> Self { kernel_integers_add(a, b) }

  @inline(__always) static func &<< (a: Self, bits: UInt32) -> Self {
    kernel_integers_shift_left(a, bits)
  }

  /// Copies the sign.
  @inline(__always) static func &>> (a: Self, bits: UInt32) -> Self {
    kernel_signed_shift_right(a, bits)
  }
}

/// The binary16 numbers in the low halves of `bits`, whose high halves are zero.
///
/// Written out in integer steps, because Swift's `Float16` does not exist on every platform, and a
/// conversion instruction would change the bits of a signalling NaN.
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
