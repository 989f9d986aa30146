import KernelTypes

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
      for i in 0..<count { target[i] = Half(bits: Self.integer(at: source + i &* 2)).float }
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
}
