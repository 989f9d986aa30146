import Foundation
import TestSupport
import Testing

@testable import Oracle

/// Verdicts on passes whose noise is known.
@Suite("Verdicts")
struct VerdictTests {
  private let folder: TemporaryFolder
  private let truth = SyntheticPass(seed: 1)

  init() throws { folder = try TemporaryFolder() }

  private func compare(
    _ pass: SyntheticPass, as number: StoredNumber = .f64,
    _ settings: ComparisonSettings = ComparisonSettings(), float32: SyntheticPass? = nil
  ) throws -> RecordingComparison {
    let a = try folder.write(truth.bytes(), to: "a")
    let b = try folder.write(pass.bytes(as: number), to: "b")
    let c = try float32.map { try Recording.open(try folder.write($0.bytes(), to: "c")) }
    return try RecordingComparer.compare(
      Recording.open(a), Recording.open(b), float32: c, settings: settings)
  }

  /// Noise as the real model has it: 4 ulps on average in float32, 1 in the others.
  private func noise(_ precision: Precision, seed: UInt64 = 2) -> SyntheticPass {
    truth.withNoise(
      ulps: precision == .float32 ? 8 : 2, significandBits: precision.significandBits, seed: seed)
  }

  @Test("a copy is identical")
  func identical() throws {
    let result = try compare(truth)
    #expect(result.verdict == .identical && result.agrees)
    #expect(result.tensors.allSatisfy { $0.largest == 0 && $0.smallestCosine == 1 })
  }

  @Test("noise is that of the arithmetic that makes such noise", arguments: Precision.floatingPoint)
  func arithmetic(precision: Precision) throws {
    let result = try compare(noise(precision))
    #expect(result.verdict == .rounding && result.agrees)
    #expect(result.precision == precision && result.explainedBy == precision)
    #expect(result.sentence.contains(precision.words))
  }

  @Test(
    "a claim that is too fine is refuted where the noise begins",
    arguments: [Precision.f16, .bf16])
  func claim(precision: Precision) throws {
    var settings = ComparisonSettings()
    settings.precision = .float32
    let result = try compare(noise(precision), settings)
    #expect(result.verdict == .bug && !result.agrees)
    #expect(result.finding?.location.tensor == "hidden.1")
    #expect(result.finding?.rows == Array(0..<SyntheticPass.rowCount))
    #expect(result.explainedBy == precision)
  }

  @Test(
    "a bug is found at its layer, row and feature, whatever the noise around it",
    arguments: Precision.floatingPoint, [("hidden.1", 0, 3), ("hidden.4", 3, 90), ("logits", 4, 0)])
  func bug(precision: Precision, place: (tensor: String, row: Int, column: Int)) throws {
    var pass = noise(precision)
    let amount = 4e3 * Double(sign: .plus, exponent: -precision.significandBits + 2, significand: 1)
    pass.add(amount, to: place.tensor, row: place.row, column: place.column)
    let result = try compare(pass)
    #expect(result.precision == precision)
    let finding = try #require(result.finding)
    #expect(finding.location.tensor == place.tensor)
    #expect(finding.location.row == place.row && finding.location.column == place.column)
    #expect(finding.rows == [place.row])
    #expect(abs(finding.difference / amount - 1) < 0.1)
    #expect((finding.times ?? 0) > 1)
    #expect(result.sentence.contains("row \(place.row), \(place.tensor)"))
  }

  @Test("a huge feature hides no bug in the others")
  func hugeFeature() throws {
    var pass = noise(.float32)
    // Far less than the rounding of the huge feature, which is 0.002.
    for column in 0..<40 { pass.add(0.001, to: "hidden.3", row: 2, column: column) }
    #expect(try compare(pass).finding?.location.tensor == "hidden.3")
  }

  @Test("what all rows have in common is a bug, though each alone might be unlucky")
  func asAWhole() throws {
    let unlucky = truth.withNoise(ulps: 30, significandBits: 24, seed: 3)
    var settings = ComparisonSettings()
    settings.precision = .float32
    let result = try compare(unlucky, settings)
    #expect(result.finding?.location.tensor == "hidden.1")
    #expect((result.finding?.times ?? 0) < 3)
  }

  @Test("values stored in 16 bits are judged as such", arguments: [StoredNumber.f16, .bf16])
  func stored(number: StoredNumber) throws {
    var settings = ComparisonSettings()
    settings.patterns = ["hidden.*"]
    var small = truth
    for index in small.tensors.indices {
      small.tensors[index].values = small.tensors[index].values.map { $0.magnitude > 5 ? 3 : $0 }
    }
    let a = try Recording.open(try folder.write(small.bytes(), to: "a"))
    let b = try Recording.open(try folder.write(small.bytes(as: number), to: "b"))
    let result = try RecordingComparer.compare(a, b, settings: settings)
    #expect(result.verdict == .rounding)
    #expect(result.precision == Precision(storedAs: number))
    #expect(!result.tensors.contains { $0.name == "logits" })
  }

  @Test("NaN on one side is a bug")
  func nan() throws {
    var pass = truth
    pass.add(.nan, to: "hidden.2", row: 1, column: 7)
    let result = try compare(pass)
    #expect(result.finding?.location.tensor == "hidden.2" && result.finding?.location.row == 1)
    #expect(result.finding?.times == nil)
    #expect(result.sentence.contains("finite on one side"))
    #expect(result.tensors.first { $0.name == "hidden.2" }?.nonFinite.nanInB == 1)
  }

  @Test("a float32 run says what rounding does, whatever the law would allow")
  func measured() throws {
    // Thirty times the noise of the float32 run: the law would let it pass.
    let quiet = truth.withNoise(ulps: 0.5, significandBits: 24, seed: 4)
    let loud = truth.withNoise(ulps: 15, significandBits: 24, seed: 5)
    #expect(try compare(loud).verdict == .rounding)
    #expect(try compare(loud, float32: quiet).precision == .float32)
    #expect(try compare(loud, float32: quiet).finding?.location.tensor == "hidden.1")
    #expect(try compare(noise(.float32, seed: 6), float32: noise(.float32)).verdict == .rounding)
  }

  @Test("a tolerance decides alone where one is given", arguments: [(1e-9, false), (1, true)])
  func tolerance(absolute: Double, agrees: Bool) throws {
    var settings = ComparisonSettings()
    settings.tolerance = Tolerance(absolute: absolute)
    let result = try compare(noise(.float32), settings)
    #expect(result.agrees == agrees)
    #expect(result.verdict == .rounding)
    #expect((result.firstBeyondTolerance?.tensor == "hidden.1") == !agrees)
  }

  @Test("the most probable tokens may be asked for", arguments: [1, 96])
  func topK(count: Int) throws {
    var pass = noise(.float32)
    var settings = ComparisonSettings()
    (settings.topK, settings.requiresTopK) = (count, true)
    #expect(try compare(pass, settings).agrees)
    pass.add(1e6, to: "logits", row: 0, column: 5)
    settings.tolerance = Tolerance(absolute: 1e9)
    // All tokens are the same set in any order.
    #expect(try compare(pass, settings).agrees == (count == SyntheticPass.columnCount))
  }
}
