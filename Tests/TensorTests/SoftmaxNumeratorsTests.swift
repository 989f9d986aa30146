import TestSupport
import Testing

@testable import Tensor

@Suite struct SoftmaxNumeratorsTests {
  @Test("Numerators are the canonical exponentials", arguments: InstructionSet.available)
  func bits(instructionSet: InstructionSet) {
    for count in [1, 15, 16, 17, 1_000] {
      let logits = randomFloats(count, seed: UInt64(count)).map { $0 * 50 } + [-.infinity]
      let largest = logits.max() ?? 0
      let expected = logits.map { CanonicalOrder.exponential($0 - largest) }
      #expect(softmaxNumerators(logits, instructionSet: instructionSet) == expected)
      #expect(softmaxNumerators(logits) == expected)
    }
    #expect(softmaxNumerators([], instructionSet: instructionSet).isEmpty)
  }
}
