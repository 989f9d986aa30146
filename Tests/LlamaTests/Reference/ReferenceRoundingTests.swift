import Llama
import Tensor
import TestSupport
import Testing

/// The reference with numbers rounded between its operations.
struct ReferenceRoundingTests {
  @Test func `numbers are rounded to the nearest, ties to even`() {
    #expect(ReferenceRounding.bfloat16(1 + 0x1p-8) == 1)
    #expect(ReferenceRounding.bfloat16(1 + 3 * 0x1p-8) == 1 + 0x1p-6)
    #expect(ReferenceRounding.bfloat16(-1 - 0x1.8p-8) == -1 - 0x1p-7)
    #expect(ReferenceRounding.bfloat16(.infinity) == .infinity)
    #expect(ReferenceRounding.bfloat16(.nan).isNaN)
    #expect(ReferenceRounding.float16(1 + 0x1p-11) == 1)
    #expect(ReferenceRounding.float16(70_000) == .infinity)
    #expect(ReferenceRounding.none(1 + 0x1p-20) == 1 + 0x1p-20)
  }

  private func logits(_ rounding: ReferenceRounding) throws -> [[Double]] {
    let model = try ReferenceModel(TestModels.checkpoint("tiny-llama"), rounding: rounding)
    var cache = model.makeCache()
    let tokens = [457, 262, 455, 369, 307, 262]
    return try model.forward(
      tokens: tokens, positions: Array(tokens.indices),
      mask: .causal(cachedCount: 0, queries: tokens.count), logitRows: Array(tokens.indices),
      cache: &cache
    ) { (_: ReferenceLayer) in }
  }

  /// The error is about that of the format: an ulp of BF16 is eight of F16.
  @Test func `a coarser format is further off`() throws {
    let exact = try logits(.none)
    func error(_ rounding: ReferenceRounding) throws -> Double {
      let rounded = try logits(rounding)
      #expect(rounded.joined().allSatisfy { Double(rounding(Float($0))) == $0 })
      let squares = zip(exact.joined(), rounded.joined()).map { ($0 - $1) * ($0 - $1) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let (float16, bfloat16) = (try error(.float16), try error(.bfloat16))
    #expect(float16 > 1e-4 && bfloat16 > 4 * float16 && bfloat16 < 16 * float16 && bfloat16 < 0.5)
  }
}
