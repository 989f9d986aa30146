import Tensor
import TestSupport
import Testing

@Suite struct LargestElementsTests {
  @Test("The largest elements are those that sorting gives", arguments: UInt64(0)..<60)
  func sorted(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let columns = Int.random(in: 1...70, using: &generator)
    // Few values, so that many are equal; some of them are none.
    let values: [Float] = [-3, -1, 0, 0.5, 2, 7, .nan, -.infinity]
    let elements = (0..<3 * columns).map { _ in
      values[Int.random(in: 0..<values.count, using: &generator)]
    }
    let matrix = Matrix(rows: 3, columns: columns, elements: elements)
    let count = Int.random(in: 0...12, using: &generator)
    for row in 0..<3 {
      let expected = Array(matrix.row(row)).enumerated().filter { $0.element > -.infinity }
        .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }.prefix(count)
      let found = matrix.largest(count, row: row)
      #expect(found.map(\.column) == expected.map(\.offset))
      #expect(found.map(\.value) == expected.map(\.element))
    }
  }
}
