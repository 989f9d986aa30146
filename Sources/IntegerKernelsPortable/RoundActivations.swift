import CKernelSupport
import KernelTypes

extension IntegerKernels {
  public static func round(
    _ source: UnsafePointer<Float>, stride: Int, rows: Int, groups: Int,
    by rounding: ActivationRounding, into target: UnsafeMutablePointer<Int32>
  ) {
    let words = rounding.recordWords
    for row in 0..<rows {
      var group = 0
      while group < groups {
        let count = min(rounding.groupsPerScale, groups &- group)
        let x = source + (row &* stride &+ group &* 32)
        let scale = ActivationScale(x, groups: count, rounding)
        for index in 0..<count {
          let record = target + ((group &+ index) &* rows &+ row) &* words
          roundGroup(x + index &* 32, scale, rounding, into: record)
        }
        group &+= count
      }
    }
  }

  @inline(__always)
  private static func roundGroup(
    _ x: UnsafePointer<Float>, _ scale: ActivationScale, _ rounding: ActivationRounding,
    into record: UnsafeMutablePointer<Int32>
  ) {
    let first = scale.integers(x.lanes())
    let second = scale.integers((x + laneCount).lanes())
    let bytes = UnsafeMutableRawPointer(record)
    bytes.storeBytes(of: kernel_low_bytes(first), as: SIMD16<Int8>.self)
    bytes.storeBytes(of: kernel_low_bytes(second), toByteOffset: 16, as: SIMD16<Int8>.self)
    if rounding.planes == 2 {
      bytes.storeBytes(of: highBytes(first), toByteOffset: 32, as: SIMD16<Int8>.self)
      bytes.storeBytes(of: highBytes(second), toByteOffset: 48, as: SIMD16<Int8>.self)
    }
    let sums = (kernel_integers_sum(first), kernel_integers_sum(second))
    var next = record + 8 &* rounding.planes
    func write(_ sum: Int32) {
      next[0] = 0 &- rounding.codeOffset &* sum
      next[rounding.sumsPerGroup] = bits(scale.sum(of: sum))
      next += 1
    }
    if rounding.sumsPerGroup == 2 {
      write(sums.0)
      write(sums.1)
    } else {
      write(sums.0 &+ sums.1)
    }
    next[rounding.sumsPerGroup] = bits(scale.stored)
  }

  /// What remains of integers after their low bytes, which are signed.
  @inline(__always)
  private static func highBytes(_ integers: SIMD16<Int32>) -> SIMD16<Int8> {
    kernel_low_bytes((integers &+ SIMD16(repeating: 128)) &>> 8)
  }

  @inline(__always) private static func bits(_ value: Float) -> Int32 {
    Int32(bitPattern: value.bitPattern)
  }
}

/// How some groups of one row are rounded: `integer = x / scale` to nearest, of two equally near the
/// even one.
private struct ActivationScale {
  /// The scale that the integers are multiplied with in the product: NaN if some x is not finite.
  let stored: Float
  private let scale: Float
  private let inverse: Float
  private let roundsScales: Bool

  /// - Parameter x: `groups * 32` numbers.
  @inline(__always)
  init(_ x: UnsafePointer<Float>, groups: Int, _ rounding: ActivationRounding) {
    // Magnitudes are ordered as their bits are, and infinities and NaNs have the largest.
    var largest = SIMD16<UInt32>.zero
    for index in 0..<groups &* 2 {
      let bits = unsafeBitCast((x + index &* laneCount).lanes(), to: SIMD16<UInt32>.self)
      largest = kernel_larger(largest, bits & 0x7FFF_FFFF)
    }
    let magnitude = Float(bitPattern: kernel_largest(largest))
    let inverse = rounding.limit / magnitude
    roundsScales = rounding.roundsScales
    if !magnitude.isFinite {
      (scale, stored, self.inverse) = (.nan, .nan, 0)
    } else if inverse.isFinite {
      scale = magnitude / rounding.limit
      stored = roundsScales ? Half(rounding: scale).float : scale
      self.inverse = inverse
    } else {
      // All zero, or so small that the quotient overflows.
      (scale, stored, self.inverse) = (0, 0, 0)
    }
  }

  @inline(__always) func integers(_ x: Lanes) -> SIMD16<Int32> {
    if inverse == 0 { return .zero }
    // The sum's last bit is worth 1, and its bits are those of the addend plus the integer.
    let shifted = x * Lanes(repeating: inverse) + Lanes(repeating: 12_582_912)
    return unsafeBitCast(shifted, to: SIMD16<Int32>.self) &+ SIMD16(repeating: -0x4B40_0000)
  }

  @inline(__always) func sum(of integers: Int32) -> Float {
    let sum = scale * Float(integers)
    return roundsScales ? Half(rounding: sum).float : sum
  }
}
