// The formats whose four-bit codes stand for sixteen numbers that lie closer together near zero.

extension ElementFormat {
  /// The number that each code stands for; nil in formats whose codes stand for themselves.
  var codeTable: [Int8]? {
    switch self {
    case .iq4_NL, .iq4_XS: Self.iq4Table
    default: nil
    }
  }

  /// `kvalues_iq4nl` of ggml.
  private static let iq4Table: [Int8] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
  ]

  /// The numbers of `iq4Table` that 32 codes below 16 stand for.
  static func iq4Multiples(_ codes: SIMD32<UInt8>) -> SIMD32<Int8> {
    var numbers = SIMD32<Int8>()
    iq4Table.withUnsafeBufferPointer { table in
      for i in 0..<32 { numbers[i] = table[Int(codes[i] & 15)] }
    }
    return numbers
  }

  /// Block: `d`, 16 bytes. Value: `d · table[q]`.
  static func groupIQ4_NL(_ block: UnsafeRawPointer) -> QuantisedGroup {
    QuantisedGroup(codes: nibbles(at: block + 2), scale: integer(at: block))
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
      codes: nibbles(at: block + 8 + index &* 16), steps: (step, step), scale: integer(at: block))
  }
}
