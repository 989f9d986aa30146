import KernelTypes
import TestSupport
import Testing

@testable import Tensor

/// Groups hold what blocks store; that the values are right is tested by `ElementFormatDecodingTests`.
struct QuantisedGroupTests {
  static let formats = ElementFormat.allCases.filter { $0.elementsPerBlock > 1 }

  private struct Ranges {
    let codes: ClosedRange<UInt8>
    var steps: ClosedRange<Int8> = 1...1
    var minima: ClosedRange<UInt8> = 0...0
    var isOneStepAGroup = true
  }

  private static func ranges(_ format: ElementFormat) -> Ranges? {
    switch format {
    case .f32, .f16, .bf16: nil
    case .q8_0: Ranges(codes: 0...255)
    case .q4_0, .q4_1, .iq4_NL: Ranges(codes: 0...15)
    case .q5_0, .q5_1: Ranges(codes: 0...31)
    case .q2_K: Ranges(codes: 0...3, steps: 0...15, minima: 0...15, isOneStepAGroup: false)
    case .q3_K: Ranges(codes: 0...7, steps: -32...31, isOneStepAGroup: false)
    case .q4_K: Ranges(codes: 0...15, steps: 0...63, minima: 0...63)
    case .q5_K: Ranges(codes: 0...31, steps: 0...63, minima: 0...63)
    case .q6_K: Ranges(codes: 0...63, steps: -128...127, isOneStepAGroup: false)
    case .iq4_XS: Ranges(codes: 0...15, steps: -32...31)
    }
  }

  private static func groups(_ format: ElementFormat, _ bytes: [UInt8]) -> [QuantisedGroup] {
    let elements = bytes.count / format.bytesPerBlock * format.elementsPerBlock
    return bytes.withUnsafeBytes { bytes in
      guard let row = bytes.baseAddress else { return [] }
      return (0..<elements / QuantisedGroup.count).map { format.group($0, of: row) }
    }
  }

  @Test("Codes, steps and minima take every value of their range and no other", arguments: formats)
  func rangesAreFull(format: ElementFormat) throws {
    let ranges = try #require(Self.ranges(format))
    var generator = SeededGenerator(seed: 11)
    let bytes = (0..<500 * format.bytesPerBlock).map { _ in
      UInt8.random(in: 0...255, using: &generator)
    }
    var codes: Set<UInt8> = []
    var steps: Set<Int8> = []
    var minima: Set<UInt8> = []
    for group in Self.groups(format, bytes) {
      for i in 0..<QuantisedGroup.count { codes.insert(group.codes[i]) }
      steps.formUnion([group.steps.0, group.steps.1])
      minima.formUnion([group.minima.0, group.minima.1])
      if ranges.isOneStepAGroup {
        #expect(group.steps.0 == group.steps.1 && group.minima.0 == group.minima.1)
      }
      if !format.hasOffset { #expect(group.offset == 0) }
    }
    #expect(codes == Set(ranges.codes))
    #expect(steps == Set(ranges.steps))
    #expect(minima == Set(ranges.minima))
  }

  @Test("A decoded group is the formula of its stored numbers", arguments: formats)
  func decodedGroup(format: ElementFormat) {
    var generator = SeededGenerator(seed: 12)
    let bytes = (0..<20 * format.bytesPerBlock).map { _ in
      // Bounds the exponents of the binary16 numbers, so that none is NaN.
      UInt8.random(in: 0...255, using: &generator) & 0xBF
    }
    for group in Self.groups(format, bytes) {
      var values = [Float](repeating: .nan, count: QuantisedGroup.count)
      values.withUnsafeMutableBufferPointer { buffer in
        guard let first = buffer.baseAddress else { return }
        group.decode(into: first, of: format)
      }
      let (d, offset) = (Half(bits: group.scale).float, Half(bits: group.offset).float)
      for (i, value) in values.enumerated() {
        let (step, minimum) =
          i < 16 ? (group.steps.0, group.minima.0) : (group.steps.1, group.minima.1)
        let code = Int(group.codes[i])
        let multiple = format.codeTable.map { Int($0[code]) } ?? (code - format.codeOffset)
        var expected = d * Float(step) * Float(multiple)
        if format.hasMinima {
          expected -= offset * Float(minimum)
        } else if format.hasOffset {
          expected += offset
        }
        #expect(value.bitPattern == expected.bitPattern, "\(i)")
      }
    }
  }

  @Test("The two formats with a table have the same one, which rises")
  func tables() throws {
    let tables = ElementFormat.allCases.filter { $0.codeTable != nil }
    #expect(tables == [.iq4_NL, .iq4_XS])
    #expect(ElementFormat.iq4_NL.codeTable == ElementFormat.iq4_XS.codeTable)
    let table = try #require(ElementFormat.iq4_NL.codeTable)
    #expect((1..<16).allSatisfy { table[$0] > table[$0 - 1] })
    #expect(table[0] == -127 && table[15] == 113)
  }

  /// A block of zeros but for the bytes given, at their places.
  private static func block(_ format: ElementFormat, _ bytes: [Int: UInt8]) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: format.bytesPerBlock)
    for (place, byte) in bytes { block[place] = byte }
    return block
  }

  @Test("Where Q2_K has its numbers")
  func placesOfQ2_K() {
    let groups = Self.groups(
      .q2_K,
      Self.block(.q2_K, [10: 0xA3, 11: 0x5C, 16 + 32 + 7: 0b0010_0000, 80: 1, 81: 2, 82: 3, 83: 4]))
    #expect(groups[5].steps == (3, 12) && groups[5].minima == (10, 5))
    // Bits 4 and 5 of byte 7 of the second half: element 7 of group 6.
    #expect(groups.map { $0.codes[7] } == [0, 0, 0, 0, 0, 0, 2, 0])
    #expect(groups.allSatisfy { $0.scale == 0x0201 && $0.offset == 0x0403 })
  }

  @Test("Where Q3_K has its numbers")
  func placesOfQ3_K() {
    // Scale 13: low bits in the high half of byte 5, upper bits 6 and 7 of byte 8 + 1.
    let groups = Self.groups(
      .q3_K,
      Self.block(.q3_K, [9: 0x04, 32 + 9: 0b0011_0000, 101: 0x70, 105: 0x80, 108: 1, 109: 2]))
    let second: Int8 = 2 * 16 + 7 - 32
    #expect(groups[6].steps == (-32, second))
    #expect(groups.map { $0.codes[9] } == [0, 0, 7, 0, 0, 0, 0, 0])
    #expect(groups.allSatisfy { $0.scale == 0x0201 && $0.offset == 0 })
  }

  @Test("Where IQ4_XS has its numbers")
  func placesOfIQ4_XS() {
    let groups = Self.groups(
      .iq4_XS,
      Self.block(.iq4_XS, [0: 1, 1: 2, 3: 0x0C, 6: 0x90, 8 + 5 * 16 + 3: 0xE2]))
    // Scale 5: the high half of byte 2 of the low bits, bits 10 and 11 of the word.
    let step: Int8 = 3 * 16 + 9 - 32
    #expect(groups[5].steps == (step, step))
    #expect(groups[4].steps == (-32, -32))
    #expect(groups[5].codes[3] == 2 && groups[5].codes[19] == 14)
    #expect(groups.allSatisfy { $0.scale == 0x0201 })
  }
}
