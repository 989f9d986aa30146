import Llama
import Tensor
import TestSupport
import Testing

@testable import Lookahead

@Suite struct TokenDistributionTests {
  @Test("A distribution has the same bits on every instruction set", arguments: 0..<12)
  func bits(seed: Int) throws {
    let row = randomFloats(49_152, seed: UInt64(seed)).map { $0 * Float(1 + 3 * seed) }
    let expected = try TokenDistribution(row, position: 0, instructionSet: .portable)
    for instructionSet in InstructionSet.available {
      let found = try TokenDistribution(row, position: 0, instructionSet: instructionSet)
      #expect(found.numerators == expected.numerators)
      #expect(found.total == expected.total)
      for position in 0..<50 {
        let uniform = PositionalRandom(seed: 1).uniform(at: position)
        #expect(try found.token(at: uniform) == expected.token(at: uniform))
      }
    }
  }

  @Test("A token's probability is within rounding of softmax in Double", arguments: 0..<5)
  func probabilities(seed: Int) throws {
    let row = randomFloats(1_000, seed: UInt64(seed)).map { $0 * 8 }
    let found = try TokenDistribution(row, position: 0)
    for (numerator, expected) in zip(
      found.numerators, NaiveSampling.softmax(row.map(Double.init)))
    {
      #expect(abs(Double(numerator) / found.total / expected - 1) < 1e-6)
    }
  }

  @Test("Inversion gives each token an interval of 0 ..< 1 as long as its probability")
  func inversion() throws {
    // Powers of two: the sums are exact. Token 2 is forbidden.
    let row: [Float] = [0, 0, -.infinity, 0, 0]
    let found = try TokenDistribution(row, position: 0)
    #expect(found.numerators == [1, 1, 0, 1, 1] && found.total == 4)
    let edges = [(0, 0), (0.25.nextDown, 0), (0.25, 1), (0.5.nextDown, 1), (0.5, 3), (0.75, 4)]
    for (uniform, token) in edges { #expect(try found.token(at: uniform) == token) }
    #expect(try found.token(at: 1.0.nextDown) == 4)
  }

  @Test("The last uniform number finds a token that is possible, in any block", arguments: 0..<40)
  func lastNumber(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    var row = [Float](repeating: -.infinity, count: 900)
    for _ in 0..<Int.random(in: 1...600, using: &generator) {
      row[Int.random(in: 0..<900, using: &generator)] =
        Float.random(in: -20...20, using: &generator)
    }
    let found = try TokenDistribution(row, position: 0)
    let possible = found.numerators.indices.filter { found.numerators[$0] > 0 }
    #expect(try found.token(at: 0) == possible.first)
    let last = try found.token(at: 1.0.nextDown)
    #expect(found.numerators[last] > 0)
    #expect(found.numerators[(last + 1)...].allSatisfy { Double($0) / found.total < 1e-14 })
  }

  @Test("If every token is forbidden there is no distribution")
  func nothingLeft() {
    #expect(throws: LookaheadError.noTokenLeft(position: 9)) {
      try TokenDistribution([-.infinity], position: 9)
    }
    #expect(throws: LookaheadError.noTokenLeft(position: 9)) {
      try TokenDistribution([], position: 9)
    }
  }
}
