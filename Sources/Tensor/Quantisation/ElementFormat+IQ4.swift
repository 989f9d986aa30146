import KernelTypes

// The formats whose four-bit codes stand for sixteen numbers that lie closer together near zero.

extension ElementFormat {
  /// The number that each code stands for; nil in formats whose codes stand for themselves.
  var codeTable: SIMD16<Int8>? {
    switch self {
    case .iq4_NL, .iq4_XS: iq4Values
    default: nil
    }
  }

  /// The numbers of `iq4Values` that 32 codes below 16 stand for.
  static func iq4Multiples(_ codes: GroupCodes) -> SIMD32<Int8> {
    var numbers = SIMD32<Int8>()
    let table = iq4Values
    for i in 0..<32 { numbers[i] = table[Int(codes[i] & 15)] }
    return numbers
  }

  /// Block: `d`, 16 bytes. Value: `d · table[q]`.
  static func groupIQ4_NL(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(codes: GroupCodes(nibblesAt: block + 2), scale: integer(at: block))
  }

  /// Block: `d`, 16 bits of upper two bits and 4 bytes of low halves of 8 scales, 128 bytes.
  /// Value: `(d · s) · table[q]`, s per 32 elements.
  ///
  /// Bits 2g and 2g + 1 of the word are the upper bits of scale g; its low four are in byte g / 2, in
  /// the low half where g is even. 32 is subtracted from the six bits.
  static func groupIQ4_XS(_ block: UnsafeRawPointer, _ index: Int) -> QuantisedGroup {
    let word = Int32(integer(at: block + 2) as UInt16)
    let byte = Int32(block.load(fromByteOffset: 4 &+ index / 2, as: UInt8.self))
    let (upper, lower) = (word &>> Int32(2 &* index) & 3, byte &>> Int32(4 &* (index & 1)) & 15)
    let step = Int8(truncatingIfNeeded: (upper &<< 4 | lower) &- 32)
    return QuantisedGroup(
      codes: GroupCodes(nibblesAt: block + 8 + index &* 16), steps: (step, step),
      scale: integer(at: block))
  }
}
