import Testing

@testable import Tensor

struct PackRowsTests {
  @Test(arguments: InstructionSet.available, [1, 3, 4, 5, 8, 11, 12])
  func `packing turns rows into columns and touches nothing else`(set: InstructionSet, rows: Int) {
    for depth in [1, 3, 4, 7, 64, 131] {
      let stride = depth + 5
      let source = (0..<rows * stride).map(Float.init)
      var target = [Float](repeating: -1, count: rows * depth + 1)
      target.withUnsafeMutableBufferPointer { target in
        source.withUnsafeBufferPointer { source in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          set.kernels.packRows(from, stride: stride, rows: rows, depth: depth, into: to)
        }
      }
      let expected = (0..<depth).flatMap { k in (0..<rows).map { source[$0 * stride + k] } }
      #expect(target == expected + [-1])
    }
  }
}
