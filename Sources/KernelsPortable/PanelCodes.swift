import KernelTypes

/// The integers of a group: 32 k's of 16 output features.
protocol PanelCodes {
  /// Bytes of a group's codes.
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
    return (floats(widened(even)), floats(widened(even + laneCount)))
  }
}

/// Four bits each, -8 … 7: the k of an even number in the low half of a byte, the next in the high.
enum SignedNibbles: PanelCodes {
  @inline(__always) static var byteCount: Int { 256 }

  @inline(__always)
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes) {
    let bytes = widened(codes + pair &* laneCount)
    return (floats((bytes &<< 28) &>> 28), floats(bytes &>> 4))
  }
}

/// Four bits each, 0 … 15: the k of an even number in the low half of a byte, the next in the high.
enum Nibbles: PanelCodes {
  @inline(__always) static var byteCount: Int { 256 }

  @inline(__always)
  static func codes(_ codes: UnsafeRawPointer, pair: Int) -> (even: Lanes, odd: Lanes) {
    let bytes = widened(codes + pair &* laneCount)
    let mask = SIMD16<Int32>(repeating: 15)
    return (floats(bytes & mask), floats((bytes &>> 4) & mask))
  }
}

/// Sixteen signed bytes. Written as loops over lanes, which the compiler turns into one instruction;
/// the initialisers of the standard library's vectors are function calls.
@inline(__always) private func widened(_ bytes: UnsafeRawPointer) -> SIMD16<Int32> {
  let bytes = bytes.loadUnaligned(as: SIMD16<Int8>.self)
  var wide = SIMD16<Int32>()
  for lane in 0..<laneCount { wide[lane] = Int32(bytes[lane]) }
  return wide
}

@inline(__always) private func floats(_ integers: SIMD16<Int32>) -> Lanes {
  var result = Lanes()
  for lane in 0..<laneCount { result[lane] = Float(integers[lane]) }
  return result
}
