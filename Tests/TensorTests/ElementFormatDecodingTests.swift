import Tensor
import TestSupport
import Testing

struct ElementFormatDecodingTests {
  private func decode(_ format: ElementFormat, _ bytes: [UInt8]) -> [Float] {
    var values: [Float] = []
    let count = bytes.count / format.bytesPerBlock * format.elementsPerBlock
    format.decode(bytes.span.bytes, count: count, appendingTo: &values)
    return values
  }

  @Test(
    arguments: ElementFormat.allCases.filter { $0.elementsPerBlock > 1 },
    ["blocks", "extreme-blocks"])
  func `blocks decode to the bits of the gguf package`(format: ElementFormat, file: String) throws {
    let goldens = try SafetensorsReader(path: FixturePath.path("golden/gguf/\(file).safetensors"))
    let blocks = try goldens.tensor("\(format.name).blocks").bytes
    let expected = try goldens.floats("\(format.name).values")
    #expect(decode(format, blocks).map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func `F32 keeps every bit, those of a NaN too`() {
    let patterns: [UInt32] = [
      0, 0x8000_0000, 1, 0x7F80_0000, 0x7F80_0001, 0xFFC0_1234, 0x3F80_0000,
    ]
    let bytes = patterns.flatMap { [UInt8](littleEndian: $0) }
    #expect(decode(.f32, bytes).map(\.bitPattern) == patterns)
  }

  @Test func `BF16 is the upper half of a binary32`() {
    let all = (0...UInt16.max).map { $0 }
    let bytes = all.flatMap { [UInt8](littleEndian: $0) }
    #expect(decode(.bf16, bytes).map(\.bitPattern) == all.map { UInt32($0) << 16 })
  }

  @Test func `every F16 is the number that its bits stand for`() {
    let all = (0...UInt16.max).map { $0 }
    let values = decode(.f16, all.flatMap { [UInt8](littleEndian: $0) })
    for (bits, value) in zip(all, values) {
      let fraction = Double(bits & 0x3FF)
      let exponent = Int(bits >> 10 & 0x1F)
      #expect(value.sign == (bits >> 15 == 0 ? .plus : .minus), "\(bits)")
      switch exponent {
      case 31 where fraction == 0: #expect(value.isInfinite, "\(bits)")
      case 31: #expect(value.isNaN, "\(bits)")
      case 0: #expect(Double(value.magnitude) == fraction * 0x1p-24, "\(bits)")
      default:
        let scale = Double(sign: .plus, exponent: exponent - 25, significand: 1)
        #expect(Double(value.magnitude) == (1024 + fraction) * scale, "\(bits)")
      }
    }
  }

  @Test(arguments: ElementFormat.allCases)
  func `blocks decode alike at any address and after one another`(format: ElementFormat) {
    var generator = SeededGenerator(seed: 7)
    let size = format.bytesPerBlock
    let bytes = (0..<5 * size).map { _ in UInt8.random(in: 0...0x3F, using: &generator) }
    let whole = decode(format, bytes)
    #expect(whole.count == 5 * format.elementsPerBlock)
    var parts: [Float] = []
    for block in 0..<5 {
      let shifted: [UInt8] = [0] + bytes[block * size..<(block + 1) * size]
      format.decode(
        shifted.span.bytes.extracting(1..<(size + 1)), count: format.elementsPerBlock,
        appendingTo: &parts)
    }
    #expect(parts.map(\.bitPattern) == whole.map(\.bitPattern))
  }

  @Test(arguments: ElementFormat.allCases)
  func `no bytes decode to no values`(format: ElementFormat) {
    #expect(decode(format, []).isEmpty)
  }
}
