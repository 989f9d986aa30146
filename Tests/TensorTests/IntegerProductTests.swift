import TestSupport
import Testing

@testable import Tensor

/// Products in integers have the bits of the scalar definition, on every instruction set.
struct IntegerProductTests {
  static let formats = ElementFormat.allCases.filter { $0.panelStorage.blockForm != nil }
  static let paths: [MatrixProductPath] = [.int16, .int8]

  /// The groups of a row, as the definition wants them.
  static func groups(_ source: RowSource, row: Int) -> [CodeGroup] {
    var groups: [CodeGroup] = []
    let form = source.format.panelStorage.blockForm
    source.forEachRow(row..<row + 1) { _, bytes in
      bytes.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        for index in 0..<source.columns / QuantisedGroup.count {
          let group = source.format.group(index, of: base)
          let multiples = group.multiples(of: source.format)
          let (scales, offsets) = (group.scales, group.offsets(of: source.format))
          let isFine = form?.scales.scalesPerGroup == 2
          groups.append(
            CodeGroup(
              integers: (0..<32).map { Int(multiples[$0]) },
              scales: isFine ? [scales.0, scales.1] : [scales.0],
              offsets: form?.scales.hasOffsets == true
                ? (isFine ? [offsets.0, offsets.1] : [offsets.0]) : []))
        }
      }
    }
    return groups
  }

  static func expected(
    _ x: [Float], _ groups: [CodeGroup], _ format: ElementFormat, _ path: MatrixProductPath
  ) -> Float {
    let isLarge = format.elementsPerBlock == 256
    return CanonicalIntegers.dot(
      x, groups, limit: path == .int8 ? 127 : 32_639,
      sharing: path == .int8 && isLarge ? 256 : 32, roundsScales: path == .int8 && !isLarge)
  }

  @Test(
    "A product in integers has the bits of its definition",
    arguments: formats, InstructionSet.available)
  func canonicalBits(format: ElementFormat, instructionSet: InstructionSet) throws {
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    let columns = WeightPanelsTests.columns(format)
    let sources = try [35, 16].enumerated().map {
      try WeightPanelsTests.source(format, rows: $1, columns: columns, seed: UInt64($0))
    }
    let groups = sources.flatMap { source in
      (0..<source.rows).map { Self.groups(source, row: $0) }
    }
    for path in Self.paths {
      let weights = LinearWeights(sources, path: path, on: executor)
      for rows in [1, 2, 3, 4, 5, 6, 7, 8, 9, 17] {
        let x = randomMatrix(rows: rows, columns: columns, seed: UInt64(rows))
        let y = product(x, weights, on: executor)
        for row in 0..<rows {
          for output in [0, 1, 15, 16, 31, 32, 34, 35, 50] {
            let expected = Self.expected(Array(x.row(row)), groups[output], format, path)
            #expect(
              y[row, output].bitPattern == expected.bitPattern,
              "\(path), row \(row) of \(rows), output \(output): \(y[row, output]), \(expected)")
          }
        }
      }
    }
  }

  @Test(
    "A row's bits do not depend on the other rows, their order or the threads", arguments: paths)
  func rowInvariance(path: MatrixProductPath) throws {
    let source = try WeightPanelsTests.source(.q6_K, rows: 70, columns: 768, seed: 4)
    MatrixProductTests.checkRowInvariance(columns: 768) {
      LinearWeights([source], path: path, on: $0)
    }
  }

  @Test(
    "Extreme activations: zeros, the smallest, the largest, one infinite",
    arguments: InstructionSet.available)
  func extremes(instructionSet: InstructionSet) throws {
    let executor = Executor(threadCount: 1, instructionSet: instructionSet)
    for format in [ElementFormat.q4_1, .q8_0, .q4_K, .q6_K] {
      let columns = WeightPanelsTests.columns(format)
      let source = try WeightPanelsTests.source(format, rows: 16, columns: columns, seed: 5)
      for path in Self.paths {
        let weights = LinearWeights([source], path: path, on: executor)
        for size: Float in [0, 0x1p-149, 0x1p-140, 0x1p-126, 0x1p-24, 1, 0x1p20] {
          let x = randomMatrix(rows: 1, columns: columns, seed: 6)
          let scaled = Matrix(rows: 1, columns: columns, elements: x.elements.map { $0 * size })
          let y = product(scaled, weights, on: executor)
          for output in 0..<16 {
            let groups = Self.groups(source, row: output)
            let expected = Self.expected(scaled.elements, groups, format, path)
            #expect(
              y[0, output].bitPattern == expected.bitPattern || y[0, output] == expected,
              "\(format), \(path), \(size): \(y[0, output]), \(expected)")
          }
        }
        for bad in [Float.infinity, -.infinity, .nan] {
          var elements = randomMatrix(rows: 1, columns: columns, seed: 7).elements
          elements[columns / 2] = bad
          let y = product(
            Matrix(rows: 1, columns: columns, elements: elements), weights, on: executor)
          #expect(y.elements.allSatisfy { $0.isNaN })
        }
      }
    }
  }
}
