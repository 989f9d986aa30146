import Foundation

/// Maps positive values to places along an axis on which equal factors are equal lengths.
struct LogarithmicAxis {
  /// The values at its ends.
  let range: ClosedRange<Double>
  /// The places of its ends.
  let start: Double
  let end: Double

  /// The place of a value.
  func place(of value: Double) -> Double {
    let share = log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
    return start + (end - start) * share
  }

  /// The values 1, 2 and 5 times a power of ten that are on the axis.
  var ticks: [Double] {
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    return (first...max(first, last)).flatMap { power in
      [1, 2, 5].map { $0 * pow(10, Double(power)) }
    }.filter(range.contains)
  }
}
