/// Thirty-two consecutive elements of a quantised row: codes, scales and an offset.
///
/// `value[i] = codes[i] · scale + offset`, each operation rounded on its own; elements 0 … 15 have the
/// first scale, 16 … 31 the second.
struct QuantisedGroup {
  var codes = SIMD32<Int8>()
  /// Scales of the two halves; the same number in most formats.
  var scales: (Float, Float) = (0, 0)
  /// Zero in formats without one.
  var offset: Float = 0
  /// The scale and the offset as they are stored, where the format stores them as binary16.
  var halves: (scale: UInt16, offset: UInt16) = (0, 0)

  static var count: Int { 32 }

  /// A group whose scale, and offset if there is one, are the binary16 numbers at `source`.
  init(halvesAt source: UnsafeRawPointer, hasOffset: Bool) {
    let scale = ElementFormat.float16(at: source)
    scales = (scale, scale)
    halves.scale = ElementFormat.integer(at: source)
    if hasOffset {
      offset = ElementFormat.float16(at: source + 2)
      halves.offset = ElementFormat.integer(at: source + 2)
    }
  }

  init(scales: (Float, Float), offset: Float = 0) {
    self.scales = scales
    self.offset = offset
  }

  func decode(into values: UnsafeMutablePointer<Float>, hasOffset: Bool) {
    // Without an offset nothing is added: the sum of -0 and 0 would lose its sign.
    for i in 0..<16 {
      let (low, high) = (scales.0 * Float(codes[i]), scales.1 * Float(codes[16 &+ i]))
      values[i] = hasOffset ? low + offset : low
      values[16 &+ i] = hasOffset ? high + offset : high
    }
  }
}

extension ElementFormat {
  /// Whether a quantised value is `scale · code + offset`, not only `scale · code`.
  var hasOffset: Bool {
    switch self {
    case .q4_1, .q5_1, .q4_K, .q5_K: true
    default: false
    }
  }

  /// Group `index` of a row (or of any sequence of whole blocks) of a quantised format.
  /// - Precondition: the format is quantised.
  @inline(__always)
  func group(_ index: Int, of row: UnsafeRawPointer) -> QuantisedGroup {
    let groupsPerBlock = elementsPerBlock / QuantisedGroup.count
    let block = row + index / groupsPerBlock &* bytesPerBlock
    let group = index % groupsPerBlock
    return switch self {
    case .q8_0: Self.groupQ8_0(block)
    case .q4_0: Self.groupQ4_0(block)
    case .q4_1: Self.groupQ4_1(block)
    case .q5_0: Self.groupQ5_0(block)
    case .q5_1: Self.groupQ5_1(block)
    case .q4_K: Self.groupQ4_K(block, group)
    case .q5_K: Self.groupQ5_K(block, group)
    case .q6_K: Self.groupQ6_K(block, group)
    case .f32, .f16, .bf16: preconditionFailure("\(name) has no groups")
    }
  }
}
