import Foundation
import Oracle

/// A small chart of one or two series over steps: layers, rows, or numbers of tokens.
struct ErrorPlot {
  /// Values over the same steps.
  struct Series {
    let name: String
    let values: [Double]
  }

  /// What the values are on.
  enum Scale {
    /// Equal factors are equal lengths; values of 0, or nearly so, are left out.
    case logarithmic
    /// From 0 to 1.
    case share
  }

  let title: String
  /// What the steps are, and the words under the first, the middle and the last.
  let steps: String
  let labels: [String]
  let series: [Series]
  let scale: Scale

  private static let width = 720.0
  private static let height = 300.0
  private static let plot = (left: 70.0, right: 704.0, top: 24.0, bottom: 240.0)

  /// The powers of ten at and below which the ends of an axis are as precise as other numbers.
  private static let powers = -307.0...307.0

  /// Whether a logarithmic axis can show a value.
  private static func isShown(_ value: Double) -> Bool {
    value >= pow(10, powers.lowerBound) && value.isFinite
  }

  /// From the power of ten below the smallest value to the one above the largest; nil where
  /// there is no value to show.
  private var range: ClosedRange<Double>? {
    let shown = series.flatMap(\.values).filter(Self.isShown)
    guard let smallest = shown.min(), let largest = shown.max() else { return nil }
    let ends = [smallest, largest].map {
      min(max(log10($0).rounded(.down), Self.powers.lowerBound), Self.powers.upperBound)
    }
    return pow(10, ends[0])...pow(10, ends[1] + 1)
  }

  /// The chart as an SVG element; nil where there is no value to show.
  var svg: String? {
    guard labels.count == series.first?.values.count, let range else { return nil }
    let axis = LogarithmicAxis(range: range, start: Self.plot.bottom, end: Self.plot.top)
    func y(_ value: Double) -> Double? {
      switch scale {
      case .logarithmic:
        Self.isShown(value) ? axis.place(of: min(value, range.upperBound)) : nil
      case .share: Self.plot.bottom + (Self.plot.top - Self.plot.bottom) * value
      }
    }
    let words = series.map(\.name).joined(separator: " and ")
    var lines = [
      Markup.element("title", text: title),
      Markup.element("desc", text: "\(words), over \(steps); the table has the numbers"),
    ]
    lines += grid(axis, y) + stepLabels
    for (index, series) in series.enumerated() {
      let left = Self.plot.left + 8 + 260 * Double(index)
      lines += marks(series, index, y)
      lines += [Chart.mark(index, at: (left, 10)), Chart.text(series.name, at: (left + 10, 14))]
    }
    return Chart.svg(width: Self.width, height: Self.height, lines)
  }

  private func x(_ step: Int) -> Double {
    let share = labels.count < 2 ? 0.5 : Double(step) / Double(labels.count - 1)
    return Self.plot.left + 12 + (Self.plot.right - Self.plot.left - 24) * share
  }

  private func grid(_ axis: LogarithmicAxis, _ y: (Double) -> Double?) -> [String] {
    let ticks: [Double]
    switch scale {
    case .logarithmic:
      let powers = axis.ticks.filter { log10($0).rounded() == log10($0) }
      let step = max(1, powers.count / 8)
      ticks = stride(from: 0, to: powers.count, by: step).map { powers[$0] }
    case .share: ticks = [0, 0.25, 0.5, 0.75, 1]
    }
    return ticks.flatMap { tick -> [String] in
      guard let place = y(tick) else { return [] }
      let label =
        scale == .share
        ? "\((tick * 100).rounded(toPlaces: 0))%" : "1e\(Int(log10(tick).rounded()))"
      return [
        Chart.line(from: (Self.plot.left, place), to: (Self.plot.right, place), class: "grid"),
        Chart.text(label, at: (Self.plot.left - 8, place + 4), class: "tick end"),
      ]
    }
  }

  /// No more labels than fit beside each other, and what they count.
  private var stepLabels: [String] {
    let step = max(1, (labels.count + 9) / 10)
    let shown = stride(from: 0, to: labels.count, by: step).map { index in
      Chart.text(labels[index], at: (x(index), Self.plot.bottom + 20), class: "tick middle")
    }
    let middle = (Self.plot.left + Self.plot.right) / 2
    return shown + [Chart.text(steps, at: (middle, Self.plot.bottom + 44), class: "quiet middle")]
  }

  /// Lines between neighbouring values that can be shown, and a mark on each.
  private func marks(
    _ series: Series, _ index: Int, _ y: (Double) -> Double?
  ) -> [String] {
    let places = series.values.enumerated().compactMap { step, value in
      y(value).map { (label: "\(labels[step]): \(value.inWords)", point: (x(step), $0)) }
    }
    let line = Chart.path(places.map(\.point), class: "series s\(index)")
    guard places.count <= 128 else { return [line] }
    return [line] + places.map { Chart.mark(index, at: $0.point, label: $0.label) }
  }
}
