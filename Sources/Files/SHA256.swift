/// The SHA-256 digest of bytes that arrive piece by piece: names a file, or a sequence of logits.
///
/// A value: a copy taken between two pieces is the digest of what has come so far.
/// Source: FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2.
public struct SHA256: Sendable {
  /// H⁽ⁱ⁾: a, b, …, h.
  private var state: SIMD8<UInt32>
  /// Bytes that do not fill a block yet, fewer than 64.
  private var pending: [UInt8] = []
  private var count: UInt64 = 0

  private static let blockBytes = 64

  public init() {
    state = SIMD8(
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19)
  }

  public mutating func update(_ bytes: RawSpan) {
    count &+= UInt64(bytes.byteCount)
    var start = 0
    if !pending.isEmpty {
      start = min(SHA256.blockBytes - pending.count, bytes.byteCount)
      bytes.withUnsafeBytes { pending += $0[..<start] }
      if pending.count < SHA256.blockBytes { return }
      let block = pending
      pending.removeAll(keepingCapacity: true)
      block.withUnsafeBytes { compress($0.bytes, from: 0, to: SHA256.blockBytes) }
    }
    let end = bytes.byteCount - (bytes.byteCount - start) % SHA256.blockBytes
    compress(bytes, from: start, to: end)
    bytes.withUnsafeBytes { pending += $0[end...] }
  }

  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0.bytes) } }

  /// Takes in numbers, each as the 4 bytes of its binary32 form, the least significant first.
  public mutating func update(_ values: ArraySlice<Float>) {
    #if _endian(little)
      values.withUnsafeBytes { update($0.bytes) }
    #else
      values.map(\.bitPattern.littleEndian).withUnsafeBytes { update($0.bytes) }
    #endif
  }

  /// The digest of the bytes so far, as 64 hexadecimal digits.
  public var hexDigest: String {
    digest.map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// The digest of the bytes so far: 32 bytes.
  public var digest: [UInt8] {
    var last = self
    // A 1 bit, zeros, and the length in bits, such that whole blocks result.
    let zeros = (2 * SHA256.blockBytes - 9 - pending.count) % SHA256.blockBytes
    let bitCount = count &* 8
    last.update([0x80] + [UInt8](repeating: 0, count: zeros) + bitCount.bigEndianBytes)
    return (0..<8).flatMap { last.state[$0].bigEndianBytes }
  }

  /// Takes in the blocks of 64 bytes from `start` to `end`.
  private mutating func compress(_ bytes: RawSpan, from start: Int, to end: Int) {
    var schedule = [UInt32](repeating: 0, count: 64)
    schedule.withUnsafeMutableBufferPointer { w in
      roundConstants.withUnsafeBufferPointer { k in
        for block in stride(from: start, to: end, by: SHA256.blockBytes) {
          for t in 0..<16 {
            w[t] =
              bytes.unsafeLoadUnaligned(fromByteOffset: block &+ 4 &* t, as: UInt32.self).bigEndian
          }
          for t in 16..<64 {
            w[t] = smallSigma1(w[t &- 2]) &+ w[t &- 7] &+ smallSigma0(w[t &- 15]) &+ w[t &- 16]
          }
          var (a, b, c, d) = (state[0], state[1], state[2], state[3])
          var (e, f, g, h) = (state[4], state[5], state[6], state[7])
          var t = 0
          while t < 64 {
            // The names move by one place each round instead of the values.
            round(a, b, c, &d, e, f, g, &h, k[t] &+ w[t])
            round(h, a, b, &c, d, e, f, &g, k[t &+ 1] &+ w[t &+ 1])
            round(g, h, a, &b, c, d, e, &f, k[t &+ 2] &+ w[t &+ 2])
            round(f, g, h, &a, b, c, d, &e, k[t &+ 3] &+ w[t &+ 3])
            round(e, f, g, &h, a, b, c, &d, k[t &+ 4] &+ w[t &+ 4])
            round(d, e, f, &g, h, a, b, &c, k[t &+ 5] &+ w[t &+ 5])
            round(c, d, e, &f, g, h, a, &b, k[t &+ 6] &+ w[t &+ 6])
            round(b, c, d, &e, f, g, h, &a, k[t &+ 7] &+ w[t &+ 7])
            t &+= 8
          }
          state &+= SIMD8(a, b, c, d, e, f, g, h)
        }
      }
    }
  }
}

@inline(__always)
private func round(
  _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
  _ g: UInt32, _ h: inout UInt32, _ addend: UInt32
) {
  let t1 = h &+ bigSigma1(e) &+ choose(e, f, g) &+ addend
  d &+= t1
  h = t1 &+ bigSigma0(a) &+ majority(a, b, c)
}

// The functions of FIPS 180-4, section 4.1.2.

private func choose(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { x & y ^ ~x & z }
private func majority(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { x & y ^ x & z ^ y & z }
private func bigSigma0(_ x: UInt32) -> UInt32 { rotate(x, 2) ^ rotate(x, 13) ^ rotate(x, 22) }
private func bigSigma1(_ x: UInt32) -> UInt32 { rotate(x, 6) ^ rotate(x, 11) ^ rotate(x, 25) }
private func smallSigma0(_ x: UInt32) -> UInt32 { rotate(x, 7) ^ rotate(x, 18) ^ x &>> 3 }
private func smallSigma1(_ x: UInt32) -> UInt32 { rotate(x, 17) ^ rotate(x, 19) ^ x &>> 10 }
private func rotate(_ x: UInt32, _ bits: UInt32) -> UInt32 { x &>> bits | x &<< (32 &- bits) }

/// K: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: [UInt32] = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
  0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
  0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
  0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
  0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
  0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
  0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
  0xc671_78f2,
]

extension FixedWidthInteger {
  /// The most significant byte first.
  fileprivate var bigEndianBytes: [UInt8] {
    stride(from: Self.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: self >> $0)
    }
  }
}
