/// The codes of a group, 32 bytes, eight at a time in 64-bit words: shifts of byte vectors would become
/// loops over their lanes.
struct GroupCodes: Equatable {
  private var first, second, third, fourth: UInt64

  init(repeating byte: UInt8 = 0) {
    let word = UInt64(byte) &* 0x0101_0101_0101_0101
    (first, second, third, fourth) = (word, word, word, word)
  }

  private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
  }

  /// Reads 32 bytes.
  @inline(__always) init(at source: UnsafeRawPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: source.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self))
    }
    self.init(word(0), word(1), word(2), word(3))
  }

  /// The low halves of sixteen bytes, then their high halves.
  @inline(__always) init(nibblesAt source: UnsafeRawPointer) {
    let lower = UInt64(littleEndian: source.loadUnaligned(as: UInt64.self))
    let upper = UInt64(littleEndian: source.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let mask: UInt64 = 0x0F0F_0F0F_0F0F_0F0F
    self.init(lower & mask, upper & mask, lower &>> 4 & mask, upper &>> 4 & mask)
  }

  /// Bit i of a word as byte i: 0 or 1.
  @inline(__always) init(bitsOf word: UInt32) {
    func spread(_ index: UInt32) -> UInt64 {
      let byte = UInt64(word &>> (8 &* index) & 255)
      // Byte j keeps bit j of it; adding 127 moves any bit to the top.
      let bits = byte &* 0x0101_0101_0101_0101 & 0x8040_2010_0804_0201
      return (bits &+ 0x7F7F_7F7F_7F7F_7F7F) &>> 7 & 0x0101_0101_0101_0101
    }
    self.init(spread(0), spread(1), spread(2), spread(3))
  }

  subscript(index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: word(index / 4) &>> UInt32(index % 4 &* 8))
  }

  /// Eight words of four codes each.
  @inline(__always) func word(_ index: Int) -> UInt32 {
    let pair =
      switch index / 2 {
      case 0: first
      case 1: second
      case 2: third
      default: fourth
      }
    return UInt32(truncatingIfNeeded: pair &>> UInt64(index % 2 &* 32))
  }

  /// Bits `from` to `from + count - 1` of each byte.
  @inline(__always) func bits(from first: Int, count: Int) -> GroupCodes {
    let mask = (1 &<< UInt64(count) &- 1) &* 0x0101_0101_0101_0101
    let shift = UInt64(first)
    return GroupCodes(
      self.first &>> shift & mask, second &>> shift & mask, third &>> shift & mask,
      fourth &>> shift & mask)
  }

  /// Each byte shifted; no bit may leave it.
  @inline(__always) static func &<< (codes: GroupCodes, bits: UInt64) -> GroupCodes {
    GroupCodes(
      codes.first &<< bits, codes.second &<< bits, codes.third &<< bits, codes.fourth &<< bits)
  }

  @inline(__always) static func | (a: GroupCodes, b: GroupCodes) -> GroupCodes {
    GroupCodes(a.first | b.first, a.second | b.second, a.third | b.third, a.fourth | b.fourth)
  }

  @inline(__always) static func ^ (a: GroupCodes, b: GroupCodes) -> GroupCodes {
    GroupCodes(a.first ^ b.first, a.second ^ b.second, a.third ^ b.third, a.fourth ^ b.fourth)
  }
}
