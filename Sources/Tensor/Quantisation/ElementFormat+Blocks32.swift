// The quantised formats with 32 elements a block. In those of four and five bits, byte i of the
// sixteen holds element i in its low half and element i + 16 in its high half; a fifth bit of
// element i is bit i of a 32-bit word.

extension ElementFormat {
  /// Block: `d`, 32 signed bytes. Value: `d · q`.
  static func groupQ8_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    let bytes = block.loadUnaligned(fromByteOffset: 2, as: SIMD32<UInt8>.self)
    // Adds 128 to a signed byte.
    return QuantisedGroup(codes: bytes ^ SIMD32(repeating: 0x80), scale: integer(at: block))
  }

  /// Block: `d`, 16 bytes. Value: `d · (q - 8)`.
  static func groupQ4_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(codes: nibbles(at: block + 2), scale: integer(at: block))
  }

  /// Block: `d`, `m`, 16 bytes. Value: `d · q + m`.
  static func groupQ4_1(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: nibbles(at: block + 4), scale: integer(at: block), offset: integer(at: block + 2))
  }

  /// Block: `d`, fifth bits, 16 bytes. Value: `d · (q - 16)`.
  static func groupQ5_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: nibbles(at: block + 6) | fifthBits(at: block + 2), scale: integer(at: block))
  }

  /// Block: `d`, `m`, fifth bits, 16 bytes. Value: `d · q + m`.
  static func groupQ5_1(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: nibbles(at: block + 8) | fifthBits(at: block + 4), scale: integer(at: block),
      offset: integer(at: block + 2))
  }

  /// The low halves of sixteen bytes, then their high halves.
  static func nibbles(at source: UnsafeRawPointer) -> SIMD32<UInt8> {
    let bytes = source.loadUnaligned(as: SIMD16<UInt8>.self)
    return SIMD32(lowHalf: bytes & SIMD16(repeating: 15), highHalf: bytes &>> 4)
  }

  /// Bit i of a 32-bit word as the value 0 or 16 of element i.
  private static func fifthBits(at source: UnsafeRawPointer) -> SIMD32<UInt8> {
    let word = integer(at: source) as UInt32
    var bits = SIMD32<UInt8>()
    for i in 0..<32 {
      bits[i] = UInt8(truncatingIfNeeded: (word &>> UInt32(truncatingIfNeeded: i) & 1) &<< 4)
    }
    return bits
  }
}
