import Tensor
import TestSupport
import Testing

struct StandingTests {
  @Test(arguments: 0..<50) func `it is what a sort says`(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let count = Int.random(in: 1...40, using: &generator)
    // Often equal.
    let values = (0..<count).map { _ in Float(Int.random(in: 0...9, using: &generator)) }
    let sorted = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
    #expect(values[...].largestPlace == sorted[0])
    for place in values.indices {
      let standing = values[...].standing(of: place)
      let others = sorted.filter { $0 != place }
      #expect(standing.rival == others.first)
      #expect(standing.rivalValue == others.first.map { values[$0] } ?? -.infinity)
      #expect(standing.rank == (sorted.firstIndex(of: place) ?? -1) + 1)
    }
  }

  @Test func `a slice counts from its beginning`() {
    let values: [Float] = [9, 1, 3, 2]
    #expect(values[1...].largestPlace == 1)
    #expect(
      values[1...].standing(of: 2) == values[1...].standing(of: 2)
        && values[1...].standing(of: 2).rival == 1 && values[1...].standing(of: 2).rank == 2)
  }
}
