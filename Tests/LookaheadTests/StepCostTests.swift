import TestSupport
import Testing

@testable import Lookahead

@Suite struct StepCostTests {
  /// Passes of random sizes whose times scatter.
  static func learn(
    _ curve: MeasuredCurve, passes: Int, seed: UInt64, sizes: [Int], scatter: Double,
    drift: Double = 1
  ) throws -> StepCost {
    let curve = try curve.curve
    var generator = SeededGenerator(seed: seed)
    var cost = StepCost()
    var slower = 1.0
    for _ in 0..<passes {
      let rows = sizes.randomElement(using: &generator) ?? 1
      let noise = 1 + Double.random(in: 0...scatter, using: &generator)
      cost.observe(rows: rows, milliseconds: curve.milliseconds(rows: rows) * noise * slower)
      slower *= drift
    }
    return cost
  }

  @Test(
    "The curve of a machine is learnt from passes that scatter by a tenth",
    arguments: [MeasuredCurve.float32, .fourBit], [UInt64](0..<5))
  func learnt(curve: MeasuredCurve, seed: UInt64) throws {
    let sizes = [1, 2, 4, 8, 12, 16, 24]
    let cost = try Self.learn(curve, passes: 150, seed: seed, sizes: sizes, scatter: 0.1)
    let curve = try curve.curve
    for rows in 1...24 {
      let ratio = curve.milliseconds(rows: rows) / curve.milliseconds(rows: 1)
      #expect(abs(cost.ratio(rows: rows) / ratio - 1) < 0.15, "\(rows) rows, seed \(seed)")
    }
    let level = cost.milliseconds(rows: 1) ?? 0
    #expect(abs(level / curve.milliseconds(rows: 1) - 1.05) < 0.1)
  }

  @Test("A machine that becomes twice as slow meanwhile does not change the cost of rows")
  func drift() throws {
    let cost = try Self.learn(
      .float32, passes: 200, seed: 3, sizes: [1, 8, 12], scatter: 0.05, drift: 1.0035)
    #expect(abs(cost.ratio(rows: 8) / (23.5 / 18.3) - 1) < 0.1)
    #expect((cost.milliseconds(rows: 1) ?? 0) > 32)
  }

  @Test("One pass that took ten times as long hardly changes the cost")
  func outlier() throws {
    var cost = try Self.learn(.float32, passes: 60, seed: 1, sizes: [1, 8], scatter: 0)
    let before = cost
    cost.observe(rows: 8, milliseconds: 235)
    cost.observe(rows: 1, milliseconds: 183)
    #expect(cost.ratio(rows: 8) < before.ratio(rows: 8) * 1.05)
    #expect((cost.level ?? 0) < (before.level ?? 0) * 1.2)
  }

  @Test("More rows never cost less, whatever was measured", arguments: [UInt64](0..<50))
  func monotone(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var cost = StepCost()
    for _ in 0..<40 {
      cost.observe(
        rows: Int.random(in: 1...80, using: &generator),
        milliseconds: Double.random(in: 0.1...50, using: &generator))
      let ratios = (1...100).map { cost.ratio(rows: $0) }
      #expect(ratios[0] == 1)
      #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
      #expect(ratios.allSatisfy { $0.isFinite })
    }
  }

  @Test(
    "Without measurements an extra row costs a twentieth of a pass, and there are no milliseconds")
  func unknown() {
    let cost = StepCost()
    #expect(cost.level == nil && cost.milliseconds(rows: 3) == nil)
    #expect(abs(cost.ratio(rows: 9) - 1.4) < 1e-12)
  }

  @Test("Invalid times are ignored", arguments: [0, -1, .infinity, .nan])
  func noTimes(milliseconds: Double) {
    var cost = StepCost()
    cost.observe(rows: 1, milliseconds: milliseconds)
    cost.observe(rows: 0, milliseconds: 1)
    #expect(cost == StepCost())
  }

  @Test("A pass of T rows counts for T passes at most, and few measurements are uncertain")
  func bounded() {
    var cost = StepCost()
    cost.observe(rows: 1, milliseconds: 10)
    cost.observe(rows: 2, milliseconds: 1_000)
    #expect(cost.points.map(\.ratio) == [2] && cost.isUncertain)
    for _ in 0..<3 { cost.observe(rows: 3, milliseconds: 11) }
    #expect(!cost.isUncertain)
  }

  @Test("Measurements are restored from their numbers, and invalid numbers are refused")
  func figures() throws {
    let cost = try Self.learn(.fourBit, passes: 90, seed: 2, sizes: [1, 3, 9], scatter: 0.1)
    let level = try #require(cost.level)
    let back = try #require(StepCost(level: level, points: cost.points))
    for rows in 1...70 { #expect(back.ratio(rows: rows) == cost.ratio(rows: rows)) }
    let good = StepCost.Point(rows: 4, ratio: 1.2, weight: 3)
    for (level, points) in [
      (0, []), (.nan, []), (-1, []), (1, [good, good]),
      (1, [StepCost.Point(rows: 1, ratio: 1, weight: 1)]),
      (1, [StepCost.Point(rows: 65, ratio: 1, weight: 1)]),
      (1, [StepCost.Point(rows: 4, ratio: .infinity, weight: 1)]),
      (1, [StepCost.Point(rows: 4, ratio: 1, weight: -1)]),
    ] as [(Double, [StepCost.Point])] {
      #expect(StepCost(level: level, points: points) == nil)
    }
  }
}
