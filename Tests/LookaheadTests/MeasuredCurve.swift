import Testing

@testable import Lookahead

/// Milliseconds of passes measured on a machine with two cores, and a curve on which speculation cannot
/// pay.
enum MeasuredCurve: String, CaseIterable, Sendable {
  /// Weights of four bytes: up to a dozen rows are nearly free.
  case float32
  /// Weights of four bits: every row costs a fifth of a pass.
  case fourBit
  /// A row costs as much as a pass.
  case noGain

  private var points: KeyValuePairs<Int, Double> {
    switch self {
    case .float32:
      [1: 18.3, 2: 19.7, 4: 22.4, 8: 23.5, 12: 26.1, 16: 31, 24: 38.3, 32: 48.5]
    case .fourBit:
      [1: 5.83, 2: 6.76, 4: 9.45, 5: 10.79, 8: 15.09, 12: 20.28, 16: 23.86, 32: 43.69]
    case .noGain: [1: 5, 2: 10]
    }
  }

  /// The curve through them.
  var curve: CostCurve {
    get throws {
      try #require(CostCurve(points.map { CostCurve.Point(rows: $0.key, milliseconds: $0.value) }))
    }
  }
}
