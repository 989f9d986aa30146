import Foundation
import TestSupport
import Testing

@testable import Tensor

@Suite struct ElementwiseTests {
  static let widths = [1, 2, 15, 16, 17, 64, 576]

  @Test("RMSNorm has the bits of the canonical order", arguments: InstructionSet.available, widths)
  func normalisation(instructionSet: InstructionSet, width: Int) {
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    let x = randomMatrix(rows: 6, columns: width, seed: 1)
    let weight = randomFloats(width, seed: 2)
    let y = rmsNorm(x, weight: weight, epsilon: 1e-5, on: executor)
    for row in 0..<6 {
      #expect(
        Array(y.row(row))
          == CanonicalOrder.rmsNorm(Array(x.row(row)), weight: weight, epsilon: 1e-5))
    }
  }

  @Test("SwiGLU has the bits of the canonical order", arguments: InstructionSet.available, widths)
  func gating(instructionSet: InstructionSet, width: Int) {
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    var x = randomMatrix(rows: 5, columns: 2 * width, seed: 3)
    for row in 0..<5 { x[row, 0] *= [0, 1, 30, 100, 1_000][row] }
    let y = gated(.silu, x, on: executor)
    for row in 0..<5 {
      for column in 0..<width {
        let expected = CanonicalOrder.swiGLU(gate: x[row, column], up: x[row, width + column])
        #expect(y[row, column] == expected, "gate \(x[row, column])")
      }
    }
  }

  @Test("Rotation has the bits of the canonical order", arguments: InstructionSet.available)
  func rotation(instructionSet: InstructionSet) {
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    for headDim in [2, 6, 16, 64] {
      let x = randomMatrix(rows: 5, columns: 3 * headDim + 1, seed: 4)
      let cosines = randomMatrix(rows: 5, columns: headDim / 2, seed: 5)
      let sines = randomMatrix(rows: 5, columns: headDim / 2, seed: 6)
      var y = x
      rotate(&y, heads: 2, headDim: headDim, cosines: cosines, sines: sines, on: executor)
      for row in 0..<5 {
        let source = Array(x.row(row))
        let heads = (0..<2).flatMap { head in
          CanonicalOrder.rotate(
            Array(source[head * headDim..<(head + 1) * headDim]),
            cosines: Array(cosines.row(row)), sines: Array(sines.row(row)))
        }
        #expect(Array(y.row(row)) == heads + source[(2 * headDim)...])
      }
    }
  }

  @Test("exp is within 1.01 ulp of the true value over every 1,009th Float from -87 to 88")
  func exponential() {
    let sweep = ExponentialSweep(stride: 1_009)
    #expect(sweep.count > 2_000_000)
    #expect(sweep.largestUlps < 1.01, "\(sweep)")
  }

  @Test(
    "exp is within 1.01 ulp of the true value over every Float from -87 to 88",
    .enabled(if: LongSuite.isRequested, "\(LongSuite.comment)"))
  func exponentialOfAll() {
    let sweep = ExponentialSweep(stride: 1)
    print("exp: \(sweep)")
    #expect(sweep.largestUlps < 1.01, "\(sweep)")
  }

  @Test("exp is exact at the edges")
  func exponentialEdges() {
    #expect(CanonicalOrder.exponential(0) == 1)
    #expect(CanonicalOrder.exponential(-.infinity) == 0)
    #expect(CanonicalOrder.exponential(.infinity) == .infinity)
    #expect(CanonicalOrder.exponential(.nan).isNaN)
  }

  @Test("The kernels' exp is the canonical one", arguments: InstructionSet.available)
  func exponentialKernel(instructionSet: InstructionSet) {
    let kernels = instructionSet.kernels
    // The largest score is 0, so that each numerator is exp of its score.
    let edges: [Float] = [0, -86.9, -87, -87.1, -1e30]
    var scores = edges + randomFloats(5_000, seed: 7).map { -100 * abs($0) }
    let expected = scores.map(CanonicalOrder.exponential)
    let denominator = scores.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { kernels.exponentiate($0, count: buffer.count) }
    }
    #expect(scores == expected)
    #expect(denominator == CanonicalOrder.laneSum(expected) { $0 += $1 })
  }

  @Test("NaN stays NaN through every elementwise kernel", arguments: InstructionSet.available)
  func notANumber(instructionSet: InstructionSet) {
    let executor = Executor(threadCount: 1, instructionSet: instructionSet)
    let x = Matrix(rows: 1, columns: 2, elements: [.nan, 1])
    #expect(gated(.silu, x, on: executor)[0, 0].isNaN)
    let normalised = rmsNorm(x, weight: [1, 1], epsilon: 0, on: executor)
    #expect(normalised[0, 0].isNaN && normalised[0, 1].isNaN)
    let kernels = instructionSet.kernels
    var scores: [Float] = [0, .nan, -1]
    let denominator = scores.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { kernels.exponentiate($0, count: buffer.count) }
    }
    #expect(denominator?.isNaN == true)
  }

  @Test("argmax takes the lowest of equal columns and never NaN")
  func argmax() {
    #expect(Matrix(rows: 1, columns: 4, elements: [1, 3, 3, 2]).argmax(row: 0) == 1)
    #expect(Matrix(rows: 2, columns: 2, elements: [9, 9, -2, -1]).argmax(row: 1) == 1)
    #expect(Matrix(rows: 1, columns: 3, elements: [.nan, -5, -6]).argmax(row: 0) == 1)
    #expect(Matrix(rows: 1, columns: 2, elements: [.nan, .nan]).argmax(row: 0) == 0)
    #expect(Matrix(rows: 1, columns: 2, elements: [-.infinity, -.infinity]).argmax(row: 0) == 0)
    #expect(Matrix(rows: 1, columns: 2, elements: [.nan, -.infinity]).argmax(row: 0) == 0)
  }

  @Test("argmax finds the largest wherever it stands among the lanes", arguments: widths)
  func argmaxPlaces(width: Int) {
    for column in 0..<width {
      var matrix = randomMatrix(rows: 2, columns: width, seed: UInt64(column))
      matrix[1, column] = 2
      if column + 1 < width { matrix[1, width - 1] = 2 }
      #expect(matrix.argmax(row: 1) == column)
      #expect(matrix.firstColumn(row: 1, notBelow: 2) == column)
      #expect(matrix.firstColumn(row: 0, notBelow: 2) == nil)
    }
  }

  @Test("The first column that is not below a bound is found, NaN included")
  func bound() {
    let matrix = Matrix(
      rows: 3, columns: 4, elements: [1, 2, 3, 4, 0, .nan, .infinity, 0, -.infinity, 0, -1, 0])
    #expect(matrix.firstColumn(row: 0, notBelow: .infinity) == nil)
    #expect(matrix.firstColumn(row: 0, notBelow: 3) == 2)
    #expect(matrix.firstColumn(row: 1, notBelow: .infinity) == 1)
    #expect(matrix.firstColumn(row: 2, notBelow: .infinity) == nil)
    #expect(Matrix(rows: 1, columns: 0).firstColumn(row: 0, notBelow: 0) == nil)
  }
}
