import COpenBLAS
import TestSupport
import Testing

@testable import Tensor

@Suite struct MatrixProductTests {
  /// Outputs and inputs: multiples of the panel and of the block, and neither.
  static let shapes = [(16, 128), (48, 64), (33, 129), (1, 1), (100, 300), (17, 513)]

  static func weights(
    _ outputs: Int, _ inputs: Int, _ path: MatrixProductPath = .exact, seed: UInt64 = 1,
    on executor: Executor
  ) -> (LinearWeights, [Float]) {
    let values = randomFloats(outputs * inputs, seed: seed)
    let source = RowSource(Matrix(rows: outputs, columns: inputs, elements: values))
    return (LinearWeights([source], path: path, on: executor), values)
  }

  @Test(
    "The exact product has the bits of the canonical order, on every instruction set",
    arguments: InstructionSet.available, shapes)
  func canonicalBits(instructionSet: InstructionSet, shape: (Int, Int)) {
    let (outputs, inputs) = shape
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    let (weights, values) = Self.weights(outputs, inputs, on: executor)
    for rows in [1, 2, 5, 6, 7, 12, 13, 25] {
      let x = randomMatrix(rows: rows, columns: inputs, seed: UInt64(rows))
      let y = product(x, weights, on: executor)
      for row in 0..<rows {
        for output in 0..<outputs {
          let w = Array(values[output * inputs..<(output + 1) * inputs])
          #expect(
            y[row, output] == CanonicalOrder.dot(w, Array(x.row(row))),
            "row \(row) of \(rows), output \(output)")
        }
      }
    }
  }

  @Test("A row's bits do not depend on the other rows, their order or the threads")
  func rowInvariance() {
    Self.checkRowInvariance(columns: 200) { Self.weights(70, 200, on: $0).0 }
  }

  /// Rows alone, some of them and all give the same bits, with 1 to 4 threads.
  static func checkRowInvariance(columns: Int, _ weights: (Executor) -> LinearWeights) {
    let alone = Executor(threadCount: 1)
    let x = randomMatrix(rows: 40, columns: columns, seed: 3)
    let expected = product(x, weights(alone), on: alone)
    for threads in 1...4 {
      let executor = Executor(threadCount: threads)
      let weights = weights(executor)
      #expect(product(x, weights, on: executor) == expected)
      for count in [1, 3, 11, 29] {
        let chosen = (0..<count).map { ($0 * 7 + 5) % 40 }
        #expect(
          product(x.selectingRows(chosen), weights, on: executor)
            == expected.selectingRows(chosen))
      }
    }
  }

  @Test("Both paths agree with a product in Double to rounding", arguments: shapes)
  func againstDouble(shape: (Int, Int)) {
    let (outputs, inputs) = shape
    let executor = Executor(threadCount: 2)
    let x = randomMatrix(rows: 9, columns: inputs, seed: 4)
    for path in MatrixProductPath.allCases {
      let (weights, values) = Self.weights(outputs, inputs, path, on: executor)
      for count in [1, 9] {
        let y = product(x.selectingRows(Array(0..<count)), weights, on: executor)
        for row in 0..<count {
          for output in 0..<outputs {
            let terms = (0..<inputs).map { k in
              Double(x[row, k]) * Double(values[output * inputs + k])
            }
            let size = terms.reduce(0) { $0 + abs($1) }
            #expect(abs(Double(y[row, output]) - terms.reduce(0, +)) <= 2e-7 * size + 1e-30)
          }
        }
      }
    }
  }

  @Test("Executors with different numbers of threads use OpenBLAS at once, each with its own bits")
  func openBLASOfSeveralExecutors() async {
    let x = randomMatrix(rows: 9, columns: 300, seed: 5)
    let executors = [1, 2, 3].map { Executor(threadCount: $0) }
    let weights = executors.map { Self.weights(200, 300, .blas, on: $0).0 }
    let alone = zip(weights, executors).map { product(x, $0, on: $1) }
    await withTaskGroup(of: Bool.self) { group in
      for (index, executor) in executors.enumerated() {
        let (weights, expected) = (weights[index], alone[index])
        group.addTask {
          (0..<200).allSatisfy { _ in product(x, weights, on: executor) == expected }
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
    // The process's number is not that of the executor that was last to compute.
    #expect(openblas_get_num_threads() == 1)
  }

  @Test("Weights of several sources stand one below the other, across panels")
  func severalSources() {
    let executor = Executor(threadCount: 2)
    let parts = [5, 20, 7].enumerated().map { index, rows in
      (rows, randomFloats(rows * 10, seed: UInt64(index)))
    }
    let sources = parts.map { rows, values in
      RowSource(Matrix(rows: rows, columns: 10, elements: values))
    }
    for path in MatrixProductPath.allCases {
      let weights = LinearWeights(sources, path: path, on: executor)
      #expect(weights.outputs == 32)
      #expect(weights.rows(Array(0..<32), on: executor).elements == parts.flatMap(\.1))
    }
  }

  @Test("A product of no rows has no rows")
  func noRows() {
    let executor = Executor(threadCount: 2)
    let (weights, _) = Self.weights(20, 10, on: executor)
    #expect(product(Matrix(rows: 0, columns: 10), weights, on: executor).rows == 0)
  }
}
