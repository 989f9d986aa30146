import Files
import Foundation
import Tensor
import TestSupport
import Testing

@testable import Oracle

@Suite("Stored numbers")
struct StoredNumberTests {
  @Test(
    "a number is read as it was written",
    arguments: StoredNumber.allCases,
    [0, 1, -2.5, 1.0 / 3, -.infinity, .infinity, 65_504, -3.0517578125e-5])
  func roundTrip(number: StoredNumber, value: Double) throws {
    let folder = try TemporaryFolder()
    let bytes = number.bytes(of: value)
    let file = try InputFile(path: try folder.write([7] + bytes + bytes, to: "numbers"))
    let expected =
      switch number {
      case .f64: value
      case .f32: Double(Float(value))
      case .f16: Double(Float16(value))
      case .bf16: Double(Float(bitPattern: Float(value).bitPattern & 0xFFFF_0000))
      }
    #expect(number.values(in: file, at: 1, count: 2) == [expected, expected])
    #expect(number.values(in: file, at: 2, count: 2) == nil)
  }

  @Test("every finite binary16, and NaN")
  func float16() throws {
    let folder = try TemporaryFolder()
    let patterns = Array(UInt16.min...UInt16.max)
    let bytes = patterns.flatMap { [UInt8](littleEndian: $0) }
    let file = try InputFile(path: try folder.write(bytes, to: "numbers"))
    let values = try #require(StoredNumber.f16.values(in: file, at: 0, count: patterns.count))
    for (pattern, value) in zip(patterns, values) {
      let expected = Double(Float16(bitPattern: pattern))
      #expect(value == expected || value.isNaN && expected.isNaN, "\(pattern)")
    }
  }
}
