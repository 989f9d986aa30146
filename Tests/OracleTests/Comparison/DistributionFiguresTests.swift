import Foundation
import Testing

@testable import Oracle

@Suite("Figures of distributions")
struct DistributionFiguresTests {
  private func figures(
    _ a: RecordedRow, _ b: RecordedRow, topK: Int = 2
  ) throws -> DistributionFigures {
    DistributionFigures(
      a, b, paired: try PairedRow(a, b, truth: .a), topK: topK)
  }

  @Test("divergence, by hand")
  func divergence() throws {
    // p = (1/4, 3/4), q = (1/2, 1/2)
    let figures = try figures(
      RecordedRow(values: [5, 5 + log(3)]), RecordedRow(values: [-7, -7]))
    let divergence = try #require(figures.divergence)
    #expect(abs(divergence - (0.25 * log(0.5) + 0.75 * log(1.5))) < 1e-12)
  }

  @Test func `what B rules out and A does not is infinitely far, and seen in mean and largest`()
    throws
  {
    let far = try figures(
      RecordedRow(values: [0, 0]), RecordedRow(values: [0, -.infinity]))
    #expect(far.divergence == .infinity)
    var summary = DistributionSummary(topK: 1)
    summary.add(far)
    summary.add(try figures(RecordedRow(values: [0, 0]), RecordedRow(values: [0, 0])))
    // JSON has no infinity.
    #expect(summary.largestDivergence == .greatestFiniteMagnitude)
    #expect(summary.meanDivergence == .greatestFiniteMagnitude)
    #expect(try !JSONEncoder().encode(summary).isEmpty)
  }

  @Test func `what A rules out adds nothing, whatever B says of it`() throws {
    for value in [-Double.infinity, -5_000] {
      let row = RecordedRow(values: [0, value])
      #expect(try figures(row, RecordedRow(values: [0, -.infinity])).divergence == 0)
    }
  }

  @Test("places and shares of the most probable tokens; of equal ones the lower id comes first")
  func places() throws {
    let figures = try figures(
      RecordedRow(values: [1, 4, 3, 2]), RecordedRow(values: [3, 1, 3, 0]), topK: 3)
    #expect(!figures.topAgrees)
    #expect(figures.rankInA == 4)
    #expect(figures.rankInB == 3)
    // A: 1, 2, 3; B: 0, 2, 1.
    #expect(figures.topShares == [0, 0.5, 2.0 / 3])
  }

  @Test("NaN is never the most probable")
  func nan() throws {
    let figures = try figures(
      RecordedRow(values: [.nan, 1, 2]), RecordedRow(values: [0, 1, 2]), topK: 1)
    #expect(figures.topAgrees)
    #expect(figures.divergence == nil)
  }

  @Test("a list of log-probabilities is compared with logits token by token")
  func listed() throws {
    let logits = RecordedRow(values: [0, log(2), log(5)])
    let listed = RecordedRow(
      values: [log(0.25), log(0.625)], columns: [1, 2], isLogProbability: true)
    let paired = try PairedRow(logits, listed, truth: .a)
    #expect(paired.columns == [1, 2])
    #expect(zip(paired.a, paired.b).allSatisfy { abs($0 - $1) < 1e-15 })
    let figures = try figures(logits, listed)
    #expect(figures.topAgrees && figures.topShares == [1, 1])
    #expect((figures.divergence ?? 1) < 1e-12)
    #expect(figures.rankInB == 1)
  }

  @Test("rows with other numbers of columns cannot be paired")
  func columns() {
    let error = RecordingError.differentCounts(
      of: "values in a row", tensor: "logits", pass: 3, a: 1, b: 2)
    #expect(throws: error) {
      try PairedRow(
        RecordedRow(values: [1]), RecordedRow(values: [1, 2]), truth: .a, tensor: "logits", pass: 3)
    }
  }
}
