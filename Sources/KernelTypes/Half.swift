/// An IEEE binary16 number, by its bits.
///
/// Converted in integer steps, because Swift's `Float16` does not exist on every platform and is a
/// function call on others.
public struct Half: Equatable, Sendable {
  public let bits: UInt16

  @inlinable public init(bits: UInt16) { self.bits = bits }

  /// Rounds to nearest, ties to even: a magnitude of 65,520 or more to infinity, one of 2⁻²⁵ or less
  /// to zero. The sign stays; NaN stays NaN, without its payload.
  @inlinable
  public init(rounding x: Float) {
    let magnitude = x.bitPattern & 0x7FFF_FFFF
    let rounded: UInt32
    if magnitude < 0x3880_0000 {
      // Below 2⁻¹⁴ the numbers are 2⁻²⁴ apart, as Floats from 0.5 to 1 are: the addition rounds.
      rounded = (Float(bitPattern: magnitude) + 0.5).bitPattern &- 0x3F00_0000
    } else if magnitude < 0x4780_0000 {
      // The exponent is smaller by 127 - 15. Of the 13 bits that go, more than half carries into
      // those that stay, and half does if the last of these is odd; so 65,520 becomes infinity.
      let half = 0xFFF &+ (magnitude &>> 13 & 1)
      rounded = (magnitude &- 0x3800_0000 &+ half) &>> 13
    } else {
      rounded = magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00
    }
    bits = UInt16(truncatingIfNeeded: x.bitPattern &>> 16 & 0x8000 | rounded)
  }

  /// The `Float` equal to it. Infinities keep their sign and NaNs their payload.
  @inlinable public var float: Float {
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
