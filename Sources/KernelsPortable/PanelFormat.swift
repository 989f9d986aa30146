/// How the kernels read the weights of a compact storage (`PanelStorage`), two k's at a time.
protocol PanelFormat {
  /// k's in one group: an even number.
  static var groupDepth: Int { get }
  /// Bytes of one group of a panel.
  static var groupBytes: Int { get }
  /// What is read once for a group.
  associatedtype Scales
  /// Reads it.
  static func scales(_ group: UnsafeRawPointer) -> Scales
  /// The weights of the k's `2 * pair` and `2 * pair + 1` in a group.
  static func weights(
    _ group: UnsafeRawPointer, _ scales: Scales, pair: Int
  ) -> (even: Lanes, odd: Lanes)
}

/// The upper halves of float32 numbers.
enum BFloat16Panels: PanelFormat {
  @inline(__always) static var groupDepth: Int { 2 }
  @inline(__always) static var groupBytes: Int { 64 }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) -> NoScales { NoScales() }

  @inline(__always)
  static func weights(
    _ group: UnsafeRawPointer, _: NoScales, pair: Int
  ) -> (even: Lanes, odd: Lanes) {
    let words = group.loadUnaligned(as: SIMD16<UInt32>.self)
    return (
      unsafeBitCast(words &<< 16, to: Lanes.self),
      unsafeBitCast(words & SIMD16(repeating: 0xFFFF_0000), to: Lanes.self)
    )
  }
}

/// IEEE binary16.
enum Float16Panels: PanelFormat {
  @inline(__always) static var groupDepth: Int { 2 }
  @inline(__always) static var groupBytes: Int { 64 }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) -> NoScales { NoScales() }

  @inline(__always)
  static func weights(
    _ group: UnsafeRawPointer, _: NoScales, pair: Int
  ) -> (even: Lanes, odd: Lanes) {
    let words = group.loadUnaligned(as: SIMD16<UInt32>.self)
    return (float16(words & SIMD16(repeating: 0xFFFF)), float16(words &>> 16))
  }
}

/// Small integers in groups of 32, behind the numbers that turn them into weights.
enum ScaledPanels<Codes: PanelCodes, Scales: PanelScales>: PanelFormat {
  @inline(__always) static var groupDepth: Int { 32 }
  @inline(__always) static var groupBytes: Int { Scales.byteCount &+ Codes.byteCount }

  @inline(__always) static func scales(_ group: UnsafeRawPointer) -> Scales { Scales(group) }

  @inline(__always)
  static func weights(
    _ group: UnsafeRawPointer, _ scales: Scales, pair: Int
  ) -> (even: Lanes, odd: Lanes) {
    let codes = Codes.codes(group + Scales.byteCount, pair: pair)
    return (scales.weights(codes.even, pair: pair), scales.weights(codes.odd, pair: pair))
  }
}
