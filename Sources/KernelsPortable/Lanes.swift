import KernelTypes

/// Sixteen output features (or keys, or head dimensions) at a time.
///
/// Swift defines SIMD arithmetic lane by lane, so code written with it gives the same bits whether
/// the compiler emits AVX-512, AVX2, NEON or scalar instructions, as long as every fused
/// multiply-add and every sum over lanes is spelled out. This file and the kernels beside it do.
typealias Lanes = SIMD16<Float>

extension UnsafePointer<Float> {
  /// The `laneCount` values that start here, at any alignment.
  @inline(__always) func lanes() -> Lanes {
    UnsafeRawPointer(self).loadUnaligned(as: Lanes.self)
  }
}

extension UnsafeMutablePointer<Float> {
  /// The `laneCount` values that start here, at any alignment.
  @inline(__always) func lanes() -> Lanes { UnsafePointer(self).lanes() }

  /// Writes `laneCount` values from here on.
  @inline(__always) func store(_ lanes: Lanes) {
    UnsafeMutableRawPointer(self).storeBytes(of: lanes, as: Lanes.self)
  }
}

/// The sum over the lanes in a fixed tree: 16 = 8 + 8, 8 = 4 + 4, 4 = 2 + 2, 2 = 1 + 1, lower half
/// plus upper half each time.
@inline(__always) func treeSum(_ lanes: Lanes) -> Float {
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}
