// The quantised formats with 32 elements a block. In those of four and five bits, byte i of the
// sixteen holds element i in its low half and element i + 16 in its high half; a fifth bit of
// element i is bit i of a 32-bit word.

extension ElementFormat {
  /// Block: `d`, 32 signed bytes. Value: `d · q`.
  static func groupQ8_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    // Adds 128 to a signed byte.
    let codes = GroupCodes(at: block + 2) ^ GroupCodes(repeating: 0x80)
    return QuantisedGroup(codes: codes, scale: integer(at: block))
  }

  /// Block: `d`, 16 bytes. Value: `d · (q - 8)`.
  static func groupQ4_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(codes: GroupCodes(nibblesAt: block + 2), scale: integer(at: block))
  }

  /// Block: `d`, `m`, 16 bytes. Value: `d · q + m`.
  static func groupQ4_1(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: GroupCodes(nibblesAt: block + 4), scale: integer(at: block),
      offset: integer(at: block + 2))
  }

  /// Block: `d`, fifth bits, 16 bytes. Value: `d · (q - 16)`.
  static func groupQ5_0(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: GroupCodes(nibblesAt: block + 6) | fifthBits(at: block + 2), scale: integer(at: block))
  }

  /// Block: `d`, `m`, fifth bits, 16 bytes. Value: `d · q + m`.
  static func groupQ5_1(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(
      codes: GroupCodes(nibblesAt: block + 8) | fifthBits(at: block + 4), scale: integer(at: block),
      offset: integer(at: block + 2))
  }

  /// Bit i of a 32-bit word as the value 0 or 16 of element i.
  private static func fifthBits(at source: UnsafeRawPointer) -> GroupCodes {
    GroupCodes(bitsOf: integer(at: source)) &<< 4
  }
}
