import KernelTypes

/// Thirty-two consecutive elements of a quantised row, as they are stored.
///
/// `value[i] = (d · step) · (code[i] - codeOffset)`, plus an offset in formats that have one: `m`, or
/// `-(dmin · minimum)` in those with minima. Elements 0 … 15 have the first step and minimum,
/// 16 … 31 the second. Formats with a `codeTable` have the number it holds for a code in place of
/// the code.
struct QuantisedGroup {
  /// Unsigned, 0 … 15 for four bits and so on. Q8_0 has the signed byte plus 128.
  var codes = GroupCodes()
  /// Integer scales of the two halves; 1 in formats without.
  var steps: (Int8, Int8) = (1, 1)
  /// Integer minima of the two halves; 0 in formats without.
  var minima: (UInt8, UInt8) = (0, 0)
  /// The block's binary16 number `d`.
  var scale: UInt16 = 0
  /// The block's binary16 number `m` or `dmin`; 0 in formats without.
  var offset: UInt16 = 0

  static var count: Int { 32 }

  /// The floating-point scales `d · step` of the two halves.
  var scales: (Float, Float) {
    let d = Half(bits: scale).float
    return (d * Float(steps.0), d * Float(steps.1))
  }

  /// What the format adds in the two halves; 0 in formats that add nothing.
  func offsets(of format: ElementFormat) -> (Float, Float) {
    let number = Half(bits: offset).float
    guard format.hasMinima else { return (number, number) }
    return (-(number * Float(minima.0)), -(number * Float(minima.1)))
  }

  /// The signed integers that the scales multiply.
  @inline(__always)
  func multiples(of format: ElementFormat) -> SIMD32<Int8> {
    if format.codeTable == nil {
      // In two's complement, so that 0 - 128 is -128.
      let offset = UInt8(truncatingIfNeeded: format.codeOffset)
      var multiples = SIMD32<Int8>()
      for i in 0..<32 { multiples[i] = Int8(bitPattern: codes[i] &- offset) }
      return multiples
    }
    return ElementFormat.iq4Multiples(codes)
  }

  /// Writes the 32 values, each operation rounded on its own.
  func decode(into values: UnsafeMutablePointer<Float>, of format: ElementFormat) {
    let (multiples, scales) = (multiples(of: format), scales)
    for i in 0..<16 {
      values[i] = scales.0 * Float(multiples[i])
      values[16 &+ i] = scales.1 * Float(multiples[16 &+ i])
    }
    // Without an offset nothing is added: the sum of -0 and 0 would lose its sign.
    guard format.hasOffset else { return }
    let offsets = offsets(of: format)
    for i in 0..<16 {
      values[i] += offsets.0
      values[16 &+ i] += offsets.1
    }
  }
}
