import KernelTypes
import TestSupport
import Testing

@testable import Tensor

/// Rounding to binary16 and back.
struct HalfTests {
  /// The number that a half stands for, by the definition of IEEE 754.
  private static func value(_ bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1_023))
    let power = { (exponent: Int) -> Float in
      Float(sign: .plus, exponent: exponent, significand: 1)
    }
    let magnitude: Float =
      switch exponent {
      case 0: fraction * power(-24)
      case 31: fraction == 0 ? .infinity : .nan
      default: (1_024 + fraction) * power(exponent - 25)
      }
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  @Test func `every half stays what it is`() {
    for bits in UInt16.min...UInt16.max {
      let value = Self.value(bits)
      let rounded = Half(rounding: value).bits
      if value.isNaN {
        #expect(rounded & 0x7FFF == 0x7E00)
      } else {
        #expect(rounded == bits)
        #expect(CanonicalOrder.float16(value).bitPattern == value.bitPattern)
      }
    }
  }

  @Test func `between two halves the nearer one is taken, in the middle the even one`() {
    // Up to 65,504, whose next one would be 65,536, the number that overflows.
    for bits in UInt16.min...0x7BFF {
      let (low, high) = (Self.value(bits), bits == 0x7BFF ? 65_536 : Self.value(bits + 1))
      let middle = low + (high - low) / 2
      for sign: UInt16 in [0, 0x8000] {
        let rounded = { (x: Float) in Half(rounding: sign == 0 ? x : -x).bits }
        #expect(rounded(middle.nextDown) == bits | sign)
        #expect(rounded(middle) == (bits + bits & 1) | sign)
        #expect(rounded(middle.nextUp) == (bits + 1) | sign)
      }
    }
  }

  @Test func `what is too large is infinity, and NaN of any payload stays NaN`() {
    for x: Float in [65_520, 65_536, 1e30, .greatestFiniteMagnitude, .infinity] {
      #expect(Half(rounding: x).bits == 0x7C00)
      #expect(Half(rounding: -x).bits == 0xFC00)
    }
    for x: Float in [0, .leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p-25] {
      #expect(Half(rounding: x).bits == 0)
      #expect(Half(rounding: -x).bits == 0x8000)
    }
    for payload: UInt32 in [1, 0x1FFF, 0x2000, 0x40_0000, 0x7F_FFFF] {
      for sign: UInt32 in [0, 0x8000_0000] {
        let half = Half(rounding: Float(bitPattern: sign | 0x7F80_0000 | payload))
        #expect(Self.value(half.bits).isNaN)
      }
    }
  }

  @Test func `any Float is rounded as the canonical definition says`() {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<500_000 {
      let x = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
      if x.isNaN { continue }
      let rounded = Self.value(Half(rounding: x).bits)
      #expect(rounded.bitPattern == CanonicalOrder.float16(x).bitPattern, "\(x)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `the kernels decode every half to the Float that it is`(set: InstructionSet) {
    let halves = Array(UInt16.min...UInt16.max)
    let decoded = Self.decode(halves, runs: 1, stride: 0, count: halves.count, set)
    for (bits, found) in zip(halves, decoded) {
      let value = Self.value(bits)
      #expect(found.bitPattern == value.bitPattern || found.isNaN && value.isNaN, "\(bits)")
    }
  }

  @Test(arguments: InstructionSet.available)
  func `runs that lie apart are written one behind the other`(set: InstructionSet) {
    let halves = (0..<500).map { Half(rounding: Float($0)).bits }
    let expected = (0..<4).flatMap { run in (0..<32).map { Float(run * 70 + $0) } }
    #expect(Self.decode(halves, runs: 4, stride: 70, count: 32, set) == expected)
  }

  private static func decode(
    _ halves: [UInt16], runs: Int, stride: Int, count: Int, _ set: InstructionSet
  ) -> [Float] {
    let target = FloatBuffer(uninitializedCount: runs * count)
    halves.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      set.kernels.decodeHalves(
        source, runs: runs, stride: stride, count: count, into: target.base)
    }
    return (0..<runs * count).map { target.base[$0] }
  }
}
