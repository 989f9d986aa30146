import Testing

@testable import Oracle

@Suite("Figures of one row")
struct RowFiguresTests {
  private func figures(
    _ a: [Double], _ b: [Double], tolerance: Tolerance = Tolerance()
  ) throws -> RowFigures {
    let paired = try PairedRow(RecordedRow(values: a), RecordedRow(values: b), truth: .a)
    return RowFigures(paired, tolerance: tolerance, truth: .a)
  }

  @Test("differences, by hand")
  func differences() throws {
    let figures = try figures([1, -2, 4], [1.5, -2, 3])
    #expect(figures.count == 3)
    #expect(figures.largest == 1 && figures.largestColumn == 2)
    #expect(figures.sum == 1.5)
    // (1.5 + 4 + 12) / √(21 · 15.25)
    let cosine = try #require(figures.cosine)
    #expect(abs(cosine - 17.5 / (21 * 15.25).squareRoot()) < 1e-15)
  }

  @Test("ulps are those of float32, of values below the median those of the median")
  func ulps() throws {
    let ulp = 0x1p-22  // of 2 and 3
    let figures = try figures([2, 3, 0.001], [2, 3 + ulp, 0.001 + 3 * ulp])
    #expect(abs(figures.largestUlps - 3) < 1e-9)
    #expect(figures.worst.column == 2)
    #expect(abs(figures.sumOfUlps - 4) < 1e-9)
  }

  @Test("a value of 0 says nothing of the size of the others")
  func zeros() throws {
    #expect(try figures([0, 0, 0, 2], [0, 0, 0, 2 + 0x1p-22]).largestUlps == 1)
    #expect(try figures([0, 0], [0, 1]).largestUlps == 0x1p23)
  }

  @Test(
    "the tolerance is absolute plus relative to A",
    arguments: [(0.5, 0, 1), (0, 0.25, 1), (0.5, 0.25, 0)])
  func tolerance(absolute: Double, relative: Double, beyond: Int) throws {
    let figures = try figures(
      [1, -2, 4], [1.5, -2, 3], tolerance: Tolerance(absolute: absolute, relative: relative))
    #expect(figures.beyondTolerance == beyond)
  }

  @Test("NaN and infinities are counted, and differ from anything else")
  func nonFinite() throws {
    let figures = try figures(
      [.nan, .nan, -.infinity, .infinity, 1], [.nan, 1, -.infinity, -.infinity, .nan],
      tolerance: Tolerance(absolute: 1e300))
    #expect(figures.nonFinite.nanInA == 2 && figures.nonFinite.nanInB == 2)
    #expect(figures.nonFinite.infinityInA == 2 && figures.nonFinite.infinityInB == 2)
    #expect(figures.nonFinite.different == 3 && figures.beyondTolerance == 3)
    #expect(figures.count == 0 && figures.largest == 0)
    #expect(figures.error.mean == .infinity)
  }

  @Test("the largest numbers there are make no overflow")
  func huge() throws {
    let huge = Double.greatestFiniteMagnitude
    let figures = try figures([huge, huge], [-huge, huge])
    #expect(figures.largest == huge)
    #expect(figures.cosine == 0)
  }
}
