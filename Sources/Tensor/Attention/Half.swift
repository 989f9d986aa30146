/// An IEEE binary16 number, by its bits: a key or value in a store of the format float16.
///
/// Rounded here in integer steps, because Swift's `Float16` does not exist on every platform; the
/// kernels turn it back into a `Float`.
struct Half: Equatable, Sendable {
  let bits: UInt16

  /// Rounds to nearest, ties to even: a magnitude of 65,520 or more to infinity, one of 2⁻²⁵ or less
  /// to zero. The sign stays; NaN stays NaN, without its payload.
  @inline(__always)
  init(rounding x: Float) {
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
}
