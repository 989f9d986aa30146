import Tensor
import Testing

struct ElementFormatTests {
  /// Bits of an element, by the formats' definitions: scales and minima are shared by a block.
  @Test(arguments: [
    (ElementFormat.f32, 32.0), (.f16, 16), (.bf16, 16), (.q8_0, 8.5), (.q4_0, 4.5), (.q4_1, 5),
    (.q5_0, 5.5), (.q5_1, 6), (.q2_K, 2.625), (.q3_K, 3.4375), (.q4_K, 4.5), (.q5_K, 5.5),
    (.q6_K, 6.5625), (.iq4_NL, 4.5), (.iq4_XS, 4.25),
  ])
  func `a block takes the bits its elements and scales need`(format: ElementFormat, bits: Double) {
    #expect(Double(format.bytesPerBlock * 8) / Double(format.elementsPerBlock) == bits)
  }

  @Test(arguments: ElementFormat.allCases)
  func `whole blocks have a byte count`(format: ElementFormat) {
    #expect(format.byteCount(elements: 0) == 0)
    #expect(format.byteCount(elements: 512) == 512 / format.elementsPerBlock * format.bytesPerBlock)
  }

  @Test(arguments: ElementFormat.allCases)
  func `part of a block, a negative count and an uncountable one have none`(format: ElementFormat) {
    #expect(format.byteCount(elements: -format.elementsPerBlock) == nil)
    if format.elementsPerBlock > 1 {
      #expect(format.byteCount(elements: format.elementsPerBlock + 1) == nil)
    }
    let largest = Int.max / format.elementsPerBlock * format.elementsPerBlock
    if format.bytesPerBlock > format.elementsPerBlock {
      #expect(format.byteCount(elements: largest) == nil)
    }
  }

  @Test func `names are those of ggml`() {
    #expect(
      ElementFormat.allCases.map(\.name) == [
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K",
        "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS",
      ])
  }
}
