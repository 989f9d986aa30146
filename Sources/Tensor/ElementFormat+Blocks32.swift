// The quantised formats with 32 elements a block. In those of four and five bits, byte i of the
// sixteen holds element i in its low half and element i + 16 in its high half; a fifth bit of
// element i is bit i of a 32-bit word.

extension ElementFormat {
  /// Block: `d`, 32 signed bytes. Value: `d · q`.
  static func decodeQ8_0(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 34
      let values = target + block &* 32
      let d = float16(at: bytes)
      for i in 0..<32 {
        values[i] = d * Float(bytes.load(fromByteOffset: 2 &+ i, as: Int8.self))
      }
    }
  }

  /// Block: `d`, 16 bytes. Value: `d · (q - 8)`.
  static func decodeQ4_0(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 18
      let values = target + block &* 32
      let d = float16(at: bytes)
      for i in 0..<16 {
        let pair = Int32(bytes.load(fromByteOffset: 2 &+ i, as: UInt8.self))
        values[i] = d * Float((pair & 15) &- 8)
        values[16 &+ i] = d * Float((pair >> 4) &- 8)
      }
    }
  }

  /// Block: `d`, `m`, 16 bytes. Value: `d · q + m`.
  static func decodeQ4_1(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 20
      let values = target + block &* 32
      let d = float16(at: bytes)
      let m = float16(at: bytes + 2)
      for i in 0..<16 {
        let pair = Int32(bytes.load(fromByteOffset: 4 &+ i, as: UInt8.self))
        values[i] = d * Float(pair & 15) + m
        values[16 &+ i] = d * Float(pair >> 4) + m
      }
    }
  }

  /// Block: `d`, fifth bits, 16 bytes. Value: `d · (q - 16)`.
  static func decodeQ5_0(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 22
      let values = target + block &* 32
      let d = float16(at: bytes)
      let fifths = word(at: bytes + 2)
      for i in 0..<16 {
        let pair = UInt32(bytes.load(fromByteOffset: 6 &+ i, as: UInt8.self))
        let low = pair & 15 | (fifths &>> UInt32(truncatingIfNeeded: i) & 1) << 4
        let high = pair >> 4 | (fifths &>> UInt32(truncatingIfNeeded: i &+ 16) & 1) << 4
        values[i] = d * Float(Int32(truncatingIfNeeded: low) &- 16)
        values[16 &+ i] = d * Float(Int32(truncatingIfNeeded: high) &- 16)
      }
    }
  }

  /// Block: `d`, `m`, fifth bits, 16 bytes. Value: `d · q + m`.
  static func decodeQ5_1(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, blocks: Int
  ) {
    for block in 0..<blocks {
      let bytes = source + block &* 24
      let values = target + block &* 32
      let d = float16(at: bytes)
      let m = float16(at: bytes + 2)
      let fifths = word(at: bytes + 4)
      for i in 0..<16 {
        let pair = UInt32(bytes.load(fromByteOffset: 8 &+ i, as: UInt8.self))
        let low = pair & 15 | (fifths &>> UInt32(truncatingIfNeeded: i) & 1) << 4
        let high = pair >> 4 | (fifths &>> UInt32(truncatingIfNeeded: i &+ 16) & 1) << 4
        values[i] = d * Float(Int32(truncatingIfNeeded: low)) + m
        values[16 &+ i] = d * Float(Int32(truncatingIfNeeded: high)) + m
      }
    }
  }

  private static func word(at source: UnsafeRawPointer) -> UInt32 {
    UInt32(littleEndian: source.loadUnaligned(as: UInt32.self))
  }
}
