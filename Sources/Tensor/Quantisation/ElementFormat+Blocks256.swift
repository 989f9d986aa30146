// The quantised formats with 256 elements a block ("K" formats): each block is divided into groups
// with small integer scales of their own, which the block's float16 numbers multiply.

extension ElementFormat {
  /// Block: 16 bytes of 4-bit scales (low halves) and minima (high halves) of 16 elements each,
  /// 64 bytes, `d`, `dmin`. Value: `(d · s) · q - (dmin · t)`.
  static func groupQ2_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let first = block.load(fromByteOffset: 2 &* index, as: UInt8.self)
    let second = block.load(fromByteOffset: 1 &+ 2 &* index, as: UInt8.self)
    return QuantisedGroup(
      codes: pairsOfBits(at: block + 16, index),
      steps: (Int8(truncatingIfNeeded: first & 15), Int8(truncatingIfNeeded: second & 15)),
      minima: (first &>> 4, second &>> 4), scale: integer(at: block + 80),
      offset: integer(at: block + 82))
  }

  /// Block: 32 bytes of third bits, 64 bytes of the lower two bits, 12 bytes of 6-bit scales of 16
  /// elements each, `d`. Value: `(d · s) · (q - 4)`.
  ///
  /// Bit g of third-bit byte i belongs to element i of group g.
  static func groupQ3_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let thirds = GroupCodes(at: block).bits(from: index, count: 1)
    let scales = block + 96
    return QuantisedGroup(
      codes: pairsOfBits(at: block + 32, index) | thirds &<< 2,
      steps: (signedScale(scales, 2 &* index), signedScale(scales, 1 &+ 2 &* index)),
      scale: integer(at: block + 108))
  }

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
    let fifths = GroupCodes(at: block + 16).bits(from: index, count: 1)
    group.codes =
      halfBytes(at: block + 48 + index / 2 &* 32, upper: index & 1)
      | fifths &<< 4
    return group
  }

  /// Block: 128 bytes of low halves, 64 bytes of upper two bits, 16 signed scales, `d`.
  /// Value: `(d · s) · (q - 32)`, s per 16 elements.
  ///
  /// Each half of the block has 64 bytes of low halves for four runs of 32 elements: the low halves
  /// of runs 0 and 1, then of 2 and 3, are the low and high four bits of bytes 0 … 31 and 32 … 63.
  static func groupQ6_K(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let (half, run) = (index / 4, index & 3)
    let lows = halfBytes(at: block + half &* 64 + (run & 1) &* 32, upper: run / 2)
    return QuantisedGroup(
      codes: lows | pairsOfBits(at: block + 128, index) &<< 4,
      steps: (
        block.load(fromByteOffset: 192 &+ 2 &* index, as: Int8.self),
        block.load(fromByteOffset: 193 &+ 2 &* index, as: Int8.self)
      ),
      scale: integer(at: block + 208))
  }

  /// The two bits that each element of one of 8 groups has in 64 bytes: byte i of the first 32 bytes
  /// holds two bits for element i of groups 0 … 3 from its low end on, the others for 4 … 7.
  @inline(__always)
  private static func pairsOfBits(at source: UnsafeRawPointer, _ index: Int) -> GroupCodes {
    GroupCodes(at: source + index / 4 &* 32).bits(from: (index & 3) &* 2, count: 2)
  }

  /// The low or the high halves of 32 bytes.
  @inline(__always)
  private static func halfBytes(at source: UnsafeRawPointer, upper: Int) -> GroupCodes {
    GroupCodes(at: source).bits(from: upper &* 4, count: 4)
  }
}
