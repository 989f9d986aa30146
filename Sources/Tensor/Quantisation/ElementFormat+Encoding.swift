import KernelTypes

// Weights written in another format than the file's, to compute what an engine computes that runs
// another file of the same model. The rules are those of ggml's reference quantisers (gguf-py 0.19.0,
// `quants.py`).

extension ElementFormat {
  /// The formats that can be written.
  public static let encodable: [ElementFormat] = [.f32, .f16, .bf16, .q8_0, .q4_1, .q4_0]

  /// A row of numbers in this format, `byteCount(elements: row.count)` bytes.
  /// - Returns: nil if the format cannot be written, or a row of so many elements cannot be in it.
  public func encode(_ row: [Float]) -> [UInt8]? {
    guard Self.encodable.contains(self), byteCount(elements: row.count) != nil else { return nil }
    var bytes: [UInt8] = []
    for first in stride(from: 0, to: row.count, by: elementsPerBlock) {
      append(row[first..<first + elementsPerBlock], to: &bytes)
    }
    return bytes
  }

  /// Appends one block.
  private func append(_ block: ArraySlice<Float>, to bytes: inout [UInt8]) {
    let first = block.first ?? 0
    switch self {
    case .f32: bytes.appendLittleEndian(first.bitPattern)
    case .f16: bytes.appendLittleEndian(Half(rounding: first).bits)
    case .bf16: bytes.appendLittleEndian(UInt16(first.roundedToBFloat16.bitPattern >> 16))
    case .q8_0:
      // d = max |x| / 127, q = x / d to the nearest, halves away from zero.
      let scale = (block.map(\.magnitude).max() ?? 0) / 127
      let inverse = scale == 0 ? 0 : 1 / scale
      bytes.appendLittleEndian(Half(rounding: scale).bits)
      for x in block { bytes.append(UInt8(bitPattern: Self.code(x * inverse))) }
    case .q4_0:
      // The element of the largest magnitude becomes -8.
      let extreme = block.max { $0.magnitude < $1.magnitude } ?? 0
      let scale = extreme / -8
      let inverse = scale == 0 ? 0 : 1 / scale
      bytes.appendLittleEndian(Half(rounding: scale).bits)
      bytes.appendNibbles(block.map { $0 * inverse + 8.5 })
    case .q4_1:
      let (least, most) = (block.min() ?? 0, block.max() ?? 0)
      let scale = (most - least) / 15
      let inverse = scale == 0 ? 0 : 1 / scale
      bytes.appendLittleEndian(Half(rounding: scale).bits)
      bytes.appendLittleEndian(Half(rounding: least).bits)
      bytes.appendNibbles(block.map { ($0 - least) * inverse + 0.5 })
    default: break
    }
  }

  private static func code(_ x: Float) -> Int8 {
    let rounded = x.rounded(.toNearestOrAwayFromZero)
    return rounded.isFinite ? Int8(max(-127, min(127, rounded))) : 0
  }
}

extension Float {
  /// The nearest number of bfloat16, ties to even; NaN stays NaN.
  public var roundedToBFloat16: Float {
    if isNaN { return self }
    // More than half of the lower 16 bits carries into the upper ones, and half does if the last of
    // these is odd.
    let half = 0x7FFF &+ (bitPattern &>> 16 & 1)
    return Float(bitPattern: (bitPattern &+ half) & 0xFFFF_0000)
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    for shift in stride(from: 0, to: value.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Codes of four bits, the second half of a block in the upper ones.
  fileprivate mutating func appendNibbles(_ values: [Float]) {
    let codes = values.map { $0.isFinite ? UInt8(Swift.max(0, Swift.min(15, $0))) : 0 }
    let half = codes.count / 2
    for index in 0..<half { append(codes[index] | codes[half + index] << 4) }
  }
}
