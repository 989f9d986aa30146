// Every product and sum of a format's formula (see `ElementFormat`) is rounded to float32 on its own,
// none is fused, as in `gguf.dequantize` of gguf-py 0.19.0. Fusing would make no difference: a float16
// factor has 11 significant bits, a scale of Q6_K 7 and any other 6, a quant or an entry of the table
// at most 7, so all products but Q6_K's, which is not followed by a sum, are exact.

extension ElementFormat {
  /// Decodes whole blocks, at any alignment, to the exact `Float` values that a float32 copy of the
  /// file would hold, and appends their `count` elements to `values`.
  /// - Precondition: `bytes.byteCount == byteCount(elements: count)`.
  public func decode(_ bytes: RawSpan, count: Int, appendingTo values: inout [Float]) {
    precondition(
      byteCount(elements: count) == bytes.byteCount,
      "\(bytes.byteCount) bytes are not \(count) elements of \(name)")
    let start = values.count
    values.append(contentsOf: repeatElement(0, count: count))
    bytes.withUnsafeBytes { source in
      values.withUnsafeMutableBufferPointer { target in
        guard let source = source.baseAddress, let first = target.baseAddress else { return }
        decode(source, into: first + start, count: count)
      }
    }
  }

  private func decode(
    _ source: UnsafeRawPointer, into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch self {
    case .f32:
      for i in 0..<count { target[i] = Float(bitPattern: Self.integer(at: source + i &* 4)) }
    case .f16:
      for i in 0..<count { target[i] = Self.float16(at: source + i &* 2) }
    case .bf16:
      for i in 0..<count {
        let bits: UInt16 = Self.integer(at: source + i &* 2)
        target[i] = Float(bitPattern: UInt32(bits) << 16)
      }
    case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_NL, .iq4_XS:
      for index in 0..<count / QuantisedGroup.count {
        group(index, of: source).decode(into: target + index * QuantisedGroup.count, of: self)
      }
    }
  }

  static func integer<T: FixedWidthInteger & BitwiseCopyable>(at source: UnsafeRawPointer) -> T {
    T(littleEndian: source.loadUnaligned(as: T.self))
  }

  /// The binary16 number stored at `source`, as the `Float` equal to it.
  static func float16(at source: UnsafeRawPointer) -> Float { float16(integer(at: source)) }

  /// The `Float` equal to the binary16 number of these bits.
  ///
  /// Written out in integer steps, because Swift's `Float16` does not exist on every platform and
  /// is a function call on others. Infinities keep their sign and NaNs their payload.
  static func float16(_ bits: UInt16) -> Float {
    let half = UInt32(bits)
    let sign = (half & 0x8000) << 16
    // The 5 exponent and 10 mantissa bits, at their place in a binary32.
    let magnitude = (half & 0x7FFF) << 13
    // Exponent biases: 127 for binary32, 15 for binary16.
    let normal = magnitude &+ (127 - 15) << 23
    // A subnormal m · 2⁻²⁴ is (2⁻¹⁴ + m · 2⁻²⁴) - 2⁻¹⁴, which is exact in binary32.
    let smallestNormal: UInt32 = (127 - 14) << 23
    let subnormal =
      (Float(bitPattern: magnitude &+ smallestNormal) - Float(bitPattern: smallestNormal))
      .bitPattern
    let infinityOrNaN = magnitude | 0x7F80_0000
    let widened =
      magnitude < 0x0080_0000 ? subnormal : magnitude < 0x0F80_0000 ? normal : infinityOrNaN
    return Float(bitPattern: sign | widened)
  }
}
