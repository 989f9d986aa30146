import Foundation

/// Maps positive values to places along an axis on which equal factors are equal lengths.
struct LogarithmicAxis {
  /// The values at its ends, and their places.
  let range: ClosedRange<Double>
  let start: Double
  let end: Double

  /// The place of a value. Quotients of values could be infinite where their logarithms are not.
  func place(of value: Double) -> Double {
    let first = log(range.lowerBound)
    let share = (log(value) - first) / (log(range.upperBound) - first)
    return start + (end - start) * share
  }

  /// The values 1, 2 and 5 times a power of ten that are on the axis; nil where an end has no power
  /// of ten near it.
  var ticks: [Double] {
    guard range.lowerBound > 0, range.upperBound.isFinite else { return [] }
    let first = Int(log10(range.lowerBound).rounded(.down))
    let last = Int(log10(range.upperBound).rounded(.up))
    return (first...max(first, last)).flatMap { power in
      [1, 2, 5].map { $0 * pow(10, Double(power)) }
    }.filter(range.contains)
  }
}
