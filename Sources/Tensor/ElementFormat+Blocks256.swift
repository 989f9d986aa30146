// The quantised formats with 256 elements a block ("K" formats): each block is divided into groups
// with small integer scales of their own, which the block's float16 numbers multiply.

extension ElementFormat {
  /// Block: `d`, `dmin`, 12 bytes of 6-bit scales and minima of 8 groups, 128 bytes.
  /// Value: `(d · s) · q - (dmin · t)`.
  ///
  /// Each 32 bytes hold two groups: one in their low halves, the next in their high halves.
  static func decodeQ4_K(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 144
      let values = target + block &* 256
      let (d, dmin) = (float16(at: bytes), float16(at: bytes + 2))
      for group in 0..<8 {
        let (scale, minimum) = scaleAndMinimum(of: group, in: bytes + 4)
        let (step, floor) = (d * scale, dmin * minimum)
        let pairs = bytes + 16 + group / 2 &* 32
        let shift = UInt32(truncatingIfNeeded: group & 1) &* 4
        let out = values + group &* 32
        for i in 0..<32 {
          let pair = UInt32(pairs.load(fromByteOffset: i, as: UInt8.self))
          out[i] = step * Float(Int32(truncatingIfNeeded: pair &>> shift & 15)) - floor
        }
      }
    }
  }

  /// Block: `d`, `dmin`, 12 bytes of 6-bit scales and minima of 8 groups, 32 bytes of fifth bits,
  /// 128 bytes. Value: `(d · s) · q - (dmin · t)`.
  ///
  /// Bit g of fifth-bit byte i belongs to element i of group g.
  static func decodeQ5_K(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 176
      let values = target + block &* 256
      let (d, dmin) = (float16(at: bytes), float16(at: bytes + 2))
      for group in 0..<8 {
        let (scale, minimum) = scaleAndMinimum(of: group, in: bytes + 4)
        let (step, floor) = (d * scale, dmin * minimum)
        let fifths = bytes + 16
        let pairs = bytes + 48 + group / 2 &* 32
        let shift = UInt32(truncatingIfNeeded: group & 1) &* 4
        let fifthShift = UInt32(truncatingIfNeeded: group)
        let out = values + group &* 32
        for i in 0..<32 {
          let pair = UInt32(pairs.load(fromByteOffset: i, as: UInt8.self))
          let fifth = UInt32(fifths.load(fromByteOffset: i, as: UInt8.self)) &>> fifthShift & 1
          let q = pair &>> shift & 15 | fifth << 4
          out[i] = step * Float(Int32(truncatingIfNeeded: q)) - floor
        }
      }
    }
  }

  /// Block: 128 bytes of low halves, 64 bytes of upper two bits, 16 signed scales, `d`.
  /// Value: `(d · s) · (q - 32)`.
  ///
  /// Each half of the block has 64 bytes of low halves and 32 bytes of upper bits for four runs of
  /// 32 elements: the low halves of runs 0 and 1, then of 2 and 3, are the low and high four bits
  /// of bytes 0 … 31 and 32 … 63; upper-bit byte i holds two bits for element i of each run.
  static func decodeQ6_K(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 210
      let d = float16(at: bytes + 208)
      for group in 0..<16 {
        // A group is half a run, a run a quarter of half a block.
        let (half, run, start) = (group / 8, group / 2 & 3, (group & 1) &* 16)
        let scale = Float(bytes.load(fromByteOffset: 192 &+ group, as: Int8.self))
        let step = d * scale
        let lows = bytes + half &* 64 + (run & 1) &* 32 + start
        let lowShift = UInt32(truncatingIfNeeded: run / 2) &* 4
        let highs = bytes + 128 + half &* 32 + start
        let highShift = UInt32(truncatingIfNeeded: run) &* 2
        let out = target + block &* 256 + group &* 16
        for i in 0..<16 {
          let low = UInt32(lows.load(fromByteOffset: i, as: UInt8.self)) &>> lowShift & 15
          let high = UInt32(highs.load(fromByteOffset: i, as: UInt8.self)) &>> highShift & 3
          out[i] = step * Float(Int32(truncatingIfNeeded: low | high << 4) &- 32)
        }
      }
    }
  }

  /// The 6-bit scale and minimum of one of 8 groups, as Q4_K and Q5_K pack them in 12 bytes.
  ///
  /// Groups 0 … 3 have the low six bits of bytes 0 … 3 (scale) and 4 … 7 (minimum). Groups 4 … 7
  /// have their low four bits in bytes 8 … 11 (scale in the low half, minimum in the high half) and
  /// their upper two in the top of the bytes of group - 4.
  private static func scaleAndMinimum(
    of group: Int, in packed: UnsafeRawPointer
  ) -> (scale: Float, minimum: Float) {
    let first = Int32(packed.load(fromByteOffset: group & 3, as: UInt8.self))
    let second = Int32(packed.load(fromByteOffset: 4 &+ group & 3, as: UInt8.self))
    if group < 4 { return (Float(first & 63), Float(second & 63)) }
    let lows = Int32(packed.load(fromByteOffset: 4 &+ group, as: UInt8.self))
    return (Float(lows & 15 | (first & 0xC0) >> 2), Float(lows >> 4 | (second & 0xC0) >> 2))
  }
}
