import Llama
import TestSupport
import Testing

@testable import Lookahead

struct SimulatedTimeTests {
  @Test(arguments: [(1, 10.0), (2, 12), (3, 14), (5, 18), (7, 22), (0, 10)])
  func `a curve is linear between its points and continues its last segment`(
    rows: Int, milliseconds: Double
  ) throws {
    let curve = try #require(
      CostCurve([.init(rows: 1, milliseconds: 10), .init(rows: 5, milliseconds: 18)]))
    #expect(curve.milliseconds(rows: rows) == milliseconds)
  }

  @Test func `one point is a curve, and a pass never costs less than the last of them`() throws {
    let flat = try #require(CostCurve([.init(rows: 1, milliseconds: 3)]))
    #expect(flat.milliseconds(rows: 40) == 3)
    let falling = try #require(
      CostCurve([.init(rows: 1, milliseconds: 3), .init(rows: 2, milliseconds: 2)]))
    #expect(falling.milliseconds(rows: 40) == 2)
  }

  @Test(
    arguments: [
      [], [(2, 1.0)], [(1, 1), (1, 2)], [(1, 1), (3, 2), (2, 3)], [(1, 0)], [(1, .nan)],
      [(1, 1), (2, .infinity)], [(0, 1), (1, 2)], [(1, 1e10)], [(1, 1e-9)],
    ] as [[(Int, Double)]])
  func `invalid points are refused`(points: [(Int, Double)]) {
    #expect(CostCurve(points.map { CostCurve.Point(rows: $0.0, milliseconds: $0.1) }) == nil)
  }

  @Test func `the seconds of a text are those of its passes, whatever the machine does`() throws {
    let curve = try MeasuredCurve.float32.curve
    let script = RepeatingScript(seed: 5)
    let clock = SimulatedClock()
    var decoder = try LookaheadDecoder(
      model: SimulatedModel(script.model, clock: clock, curve: curve), selector: GreedySelector(),
      configuration: LookaheadConfiguration(), clock: clock.clock)
    var milliseconds = 0.0
    let result = try decoder.generate(
      prompt: script.prompt, stop: StopRules(endTokens: [], maximumTokens: 60), clock: clock.clock
    ) { accepted in
      if let size = accepted.size { milliseconds += curve.milliseconds(rows: size.rows) }
      return .proceed
    }
    #expect(result.tokens == Array(script.text.prefix(60)))
    #expect(abs(result.decodeSeconds * 1_000 / milliseconds - 1) < 1e-9)
    #expect(result.prefillSeconds * 1_000 == curve.milliseconds(rows: script.prompt.count))
  }
}
