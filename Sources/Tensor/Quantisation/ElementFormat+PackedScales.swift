// How K formats pack the 6-bit integers of a block in 12 bytes.

extension ElementFormat {
  /// The numbers but not the codes of one of 8 groups, as Q4_K and Q5_K pack them after `d` and `dmin`.
  ///
  /// Groups 0 … 3 have the low six bits of bytes 0 … 3 (scale) and 4 … 7 (minimum). Groups 4 … 7
  /// have their low four bits in bytes 8 … 11 (scale in the low half, minimum in the high half) and
  /// their upper two in the top of the bytes of group - 4.
  static func scaledGroup(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let packed = block + 4
    let first = packed.load(fromByteOffset: index & 3, as: UInt8.self)
    let second = packed.load(fromByteOffset: 4 &+ index & 3, as: UInt8.self)
    var (scale, minimum) = (first & 63, second & 63)
    if index >= 4 {
      let lows = packed.load(fromByteOffset: 4 &+ index, as: UInt8.self)
      scale = lows & 15 | (first & 0xC0) &>> 2
      minimum = lows &>> 4 | (second & 0xC0) &>> 2
    }
    let step = Int8(truncatingIfNeeded: scale)
    return QuantisedGroup(
      steps: (step, step), minima: (minimum, minimum), scale: integer(at: block),
      offset: integer(at: block + 2))
  }

  /// One of the 16 scales of Q3_K, -32 … 31.
  ///
  /// Scales 0 … 7 have their low four bits in the low halves of bytes 0 … 7, scales 8 … 15 in the high
  /// halves. Byte 8 + i holds the upper two bits of scales i, i + 4, i + 8 and i + 12 from its low
  /// end on. 32 is subtracted from the six bits.
  static func signedScale(_ packed: UnsafeRawPointer, _ index: Int) -> Int8 {
    let lows = packed.load(fromByteOffset: index & 7, as: UInt8.self)
    let highs = packed.load(fromByteOffset: 8 &+ index & 3, as: UInt8.self)
    let low = lows &>> UInt8(truncatingIfNeeded: index / 8 &* 4) & 15
    let high = highs &>> UInt8(truncatingIfNeeded: index / 4 &* 2) & 3
    return Int8(truncatingIfNeeded: high &<< 4 | low) &- 32
  }
}
