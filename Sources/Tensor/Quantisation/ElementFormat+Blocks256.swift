// The quantised formats with 256 elements a block ("K" formats): each block is divided into groups
// with small integer scales of their own, which the block's float16 numbers multiply.

extension ElementFormat {
  /// Block: `d`, `dmin`, 12 bytes of 6-bit scales and minima of 8 groups, 128 bytes.
  /// Value: `(d · s) · q - (dmin · t)`.
  ///
  /// Each 32 bytes hold two groups: one in their low halves, the next in their high halves.
  static func groupQ4_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    var group = scaledGroup(block, index)
    group.codes = halfBytes(at: block + 16 + index / 2 &* 32, upper: index & 1)
    return group
  }

  /// Block: `d`, `dmin`, 12 bytes of 6-bit scales and minima of 8 groups, 32 bytes of fifth bits,
  /// 128 bytes. Value: `(d · s) · q - (dmin · t)`.
  ///
  /// Bit g of fifth-bit byte i belongs to element i of group g.
  static func groupQ5_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    var group = scaledGroup(block, index)
    let fifths = block.loadUnaligned(fromByteOffset: 16, as: SIMD32<UInt8>.self)
    let bits = (fifths &>> UInt8(truncatingIfNeeded: index)) & SIMD32(repeating: 1)
    group.codes =
      halfBytes(at: block + 48 + index / 2 &* 32, upper: index & 1)
      | unsafeBitCast(bits &<< 4, to: SIMD32<Int8>.self)
    return group
  }

  /// Block: 128 bytes of low halves, 64 bytes of upper two bits, 16 signed scales, `d`.
  /// Value: `(d · s) · (q - 32)`, s per 16 elements.
  ///
  /// Each half of the block has 64 bytes of low halves and 32 bytes of upper bits for four runs of
  /// 32 elements: the low halves of runs 0 and 1, then of 2 and 3, are the low and high four bits
  /// of bytes 0 … 31 and 32 … 63; upper-bit byte i holds two bits for element i of each run.
  static func groupQ6_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let d = float16(at: block + 208)
    let first = block.load(fromByteOffset: 192 &+ 2 &* index, as: Int8.self)
    let second = block.load(fromByteOffset: 193 &+ 2 &* index, as: Int8.self)
    var group = QuantisedGroup(scales: (d * Float(first), d * Float(second)))
    let (half, run) = (index / 4, index & 3)
    let lows = halfBytes(at: block + half &* 64 + (run & 1) &* 32, upper: run / 2)
    let highs = block.loadUnaligned(fromByteOffset: 128 &+ half &* 32, as: SIMD32<UInt8>.self)
    let bits = (highs &>> UInt8(truncatingIfNeeded: run &* 2)) & SIMD32(repeating: 3)
    group.codes = (lows | unsafeBitCast(bits &<< 4, to: SIMD32<Int8>.self)) &- SIMD32(repeating: 32)
    return group
  }

  /// The low or the high halves of 32 bytes.
  private static func halfBytes(at source: UnsafeRawPointer, upper: Int) -> SIMD32<Int8> {
    let bytes = source.loadUnaligned(as: SIMD32<UInt8>.self)
    let halves = (bytes &>> UInt8(truncatingIfNeeded: upper &* 4)) & SIMD32(repeating: 15)
    return unsafeBitCast(halves, to: SIMD32<Int8>.self)
  }

  /// The scale and the offset of one of 8 groups, as Q4_K and Q5_K pack them in 6 bits each.
  ///
  /// Groups 0 … 3 have the low six bits of bytes 0 … 3 (scale) and 4 … 7 (minimum). Groups 4 … 7
  /// have their low four bits in bytes 8 … 11 (scale in the low half, minimum in the high half) and
  /// their upper two in the top of the bytes of group - 4.
  private static func scaledGroup(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let packed = block + 4
    let first = Int32(packed.load(fromByteOffset: index & 3, as: UInt8.self))
    let second = Int32(packed.load(fromByteOffset: 4 &+ index & 3, as: UInt8.self))
    var (scale, minimum) = (first & 63, second & 63)
    if index >= 4 {
      let lows = Int32(packed.load(fromByteOffset: 4 &+ index, as: UInt8.self))
      scale = lows & 15 | (first & 0xC0) >> 2
      minimum = lows >> 4 | (second & 0xC0) >> 2
    }
    let step = float16(at: block) * Float(scale)
    return QuantisedGroup(
      scales: (step, step), offset: -(float16(at: block + 2) * Float(minimum)))
  }
}
