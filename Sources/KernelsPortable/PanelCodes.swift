import CKernelSupport
import KernelTypes

/// The integers of a group: 32 k's of 16 output features.
protocol PanelCodes {
  static var byteCount: Int { get }
  /// The codes of the k's `2 * pair` and `2 * pair + 1`, as floating-point numbers.
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes)
}

/// A byte each, -128 … 127, k after k.
enum SignedBytes: PanelCodes {
  @inline(__always) static var byteCount: Int { 512 }

  @inline(__always)
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes) {
    let even = codes + pair &* (2 &* laneCount)
    return (kernel_floats(widened(even)), kernel_floats(widened(even + laneCount)))
  }
}

/// Four bits each, -8 … 7: the k of an even number in the low half of a byte, the next in the high.
enum SignedNibbles: PanelCodes {
  @inline(__always) static var byteCount: Int { 256 }

  @inline(__always)
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes) {
    let bytes = widened(codes + pair &* laneCount)
    let low = unsafeBitCast(
      unsafeBitCast(bytes, to: SIMD16<UInt32>.self) &<< 28, to: SIMD16<Int32>.self)
    return (kernel_floats(low &>> 28), kernel_floats(bytes &>> 4))
  }
}

/// Four bits each, 0 … 15: the k of an even number in the low half of a byte, the next in the high.
enum Nibbles: PanelCodes {
  @inline(__always) static var byteCount: Int { 256 }

  @inline(__always)
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes) {
    let bytes = unsafeBitCast(widened(codes + pair &* laneCount), to: SIMD16<UInt32>.self)
    let (low, high) = (bytes & 15, (bytes &>> 4) & 15)
    return (
      kernel_floats(unsafeBitCast(low, to: SIMD16<Int32>.self)),
      kernel_floats(unsafeBitCast(high, to: SIMD16<Int32>.self))
    )
  }
}

@inline(__always) private func widened(_ bytes: UnsafeRawPointer) -> SIMD16<Int32> {
  kernel_widened(bytes.loadUnaligned(as: SIMD16<Int8>.self))
}
