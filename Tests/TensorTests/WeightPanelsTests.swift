import TestSupport
import Testing

@testable import Tensor

/// Weights that are kept as the file has them give the bits of their float32 copy.
struct WeightPanelsTests {
  /// Random rows of a format. Exponents of the binary16 scales are bounded, so that no weight is NaN,
  /// of which one is not equal to the other.
  static func source(
    _ format: ElementFormat, rows: Int, columns: Int, seed: UInt64
  ) throws -> RowSource {
    var generator = SeededGenerator(seed: seed)
    let bytesPerRow = try #require(format.byteCount(elements: columns))
    let bytes = (0..<rows * bytesPerRow).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let tame = Self.tamed(bytes, format)
    return RowSource(rows: rows, columns: columns, format: format) { rows, body in
      tame.withUnsafeBytes { bytes in
        for row in rows {
          let range = row * bytesPerRow..<(row + 1) * bytesPerRow
          body(row, UnsafeRawBufferPointer(rebasing: bytes[range]).bytes)
        }
      }
    }
  }

  /// Clears the top bit of the exponent of every floating-point number in the blocks.
  private static func tamed(_ bytes: [UInt8], _ format: ElementFormat) -> [UInt8] {
    let upperBytes: [Int] =
      switch format {
      case .f32: [3]
      case .f16, .bf16, .q8_0, .q4_0, .q5_0, .iq4_NL, .iq4_XS: [1]
      case .q4_1, .q5_1, .q4_K, .q5_K: [1, 3]
      case .q2_K: [81, 83]
      case .q3_K: [109]
      case .q6_K: [209]
      }
    var bytes = bytes
    for block in stride(from: 0, to: bytes.count, by: format.bytesPerBlock) {
      for upper in upperBytes { bytes[block + upper] &= 0xBF }
    }
    return bytes
  }

  static func columns(_ format: ElementFormat) -> Int {
    format.elementsPerBlock == 256 ? 768 : 352
  }

  @Test(
    "A product with stored weights has the bits of one with their float32 copy",
    arguments: ElementFormat.allCases, InstructionSet.available)
  func productIsThatOfFloat32(format: ElementFormat, instructionSet: InstructionSet) throws {
    let executor = Executor(threadCount: 2, instructionSet: instructionSet)
    let columns = Self.columns(format)
    let sources = try [70, 16, 33].enumerated().map {
      try Self.source(format, rows: $1, columns: columns, seed: UInt64($0))
    }
    let stored = LinearWeights(sources, path: .exact, on: executor)
    let expanded = LinearWeights(sources, path: .exact, storage: .float32, on: executor)
    #expect(format == .f32 || stored.byteCount < expanded.byteCount)
    for rows in [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 29] {
      let x = Matrix(
        rows: rows, columns: columns,
        elements: randomFloats(rows * columns, seed: UInt64(rows)))
      let (left, right) = (product(x, stored, on: executor), product(x, expanded, on: executor))
      #expect(left.elements.map(\.bitPattern) == right.elements.map(\.bitPattern), "\(rows) rows")
    }
  }

  @Test("Single rows come out as they were decoded", arguments: ElementFormat.allCases)
  func rowsAreDecoded(format: ElementFormat) throws {
    let columns = Self.columns(format)
    let source = try Self.source(format, rows: 37, columns: columns, seed: 9)
    let wanted = [36, 0, 17, 17]
    var expected: [Float] = []
    for row in wanted {
      source.forEachRow(row..<row + 1) {
        format.decode($1, count: columns, appendingTo: &expected)
      }
    }
    for instructionSet in InstructionSet.available {
      let executor = Executor(threadCount: 1, instructionSet: instructionSet)
      let weights = LinearWeights([source], path: .exact, on: executor)
      let rows = weights.rows(wanted, on: executor).elements
      #expect(rows.map(\.bitPattern) == expected.map(\.bitPattern))
    }
  }

  @Test("Every binary16 number is read alike by the kernels and by the decoder")
  func allHalves() {
    let executor = Executor(threadCount: 1)
    let halves = (0...UInt16.max).map { $0 }
    let source = RowSource(rows: 64, columns: 1024, format: .f16) { rows, body in
      for row in rows {
        halves[row * 1024..<(row + 1) * 1024].withUnsafeBytes { body(row, $0.bytes) }
      }
    }
    let weights = LinearWeights([source], path: .exact, on: executor)
    let values = weights.rows(Array(0..<64), on: executor).elements
    var expected: [Float] = []
    source.forEachRow(0..<64) {
      ElementFormat.f16.decode($1, count: 1024, appendingTo: &expected)
    }
    #expect(values.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test(
    "Weights take at most a tenth more memory than in the file", arguments: ElementFormat.allCases)
  func memory(format: ElementFormat) throws {
    for (rows, columns) in [(2048, 2048), (576, 1536), (8192, 2048)] {
      let held = LinearWeights.byteCount(rows: rows, columns: columns, format: format)
      let stored = try #require(format.byteCount(elements: rows * columns))
      #expect(held >= stored && Double(held) <= 1.1 * Double(stored), "\(held) of \(stored)")
    }
  }

  @Test("What a layout cannot hold is expanded")
  func oddColumns() {
    let executor = Executor(threadCount: 1)
    let source = RowSource(rows: 3, columns: 5, format: .bf16) { rows, body in
      for row in rows {
        [UInt16](repeating: UInt16(0x3F80 + row), count: 5).withUnsafeBytes { body(row, $0.bytes) }
      }
    }
    let weights = LinearWeights([source], path: .exact, on: executor)
    #expect(weights.rows([1], on: executor).elements == Array(repeating: 1.0078125, count: 5))
  }
}
