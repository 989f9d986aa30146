/// What a pass costs over its rows, on two logarithmic axes, beside what it cannot cost less than:
/// the weights over the read bandwidth, and the operations over the arithmetic peak.
struct StepCostChart {
  /// At least one, each with at least one pass.
  let series: [PathReport]
  let title: String
  let subtitle: String
  /// Milliseconds that reading the first path's weights takes, and the words for it.
  let readingLimit: (milliseconds: Double, words: String)
  /// Milliseconds that the arithmetic takes, for each size of a pass, and the words for it.
  let arithmeticLimit: (points: [(rows: Int, milliseconds: Double)], words: String)

  /// Nothing where no pass was timed.
  init?(_ report: BenchReport) {
    series = report.paths.filter { !$0.passes.isEmpty }
    guard
      let first = series.first, let bandwidth = report.machine.readBandwidth?.median,
      let peak = report.machine.arithmeticPeak?.median
    else { return nil }
    let model = report.model.path.split(separator: "/").last.map(String.init) ?? report.model.path
    title = "One pass over T rows of \(model)"
    subtitle =
      "\(report.machine.cpu ?? "CPU without a name"), "
      + "\(report.machine.threads.counted("thread")), "
      + "\(report.context.counted("cached token")), logits of all rows, medians"
    readingLimit = (
      Double(first.streamedBytes) / bandwidth / 1e6,
      "reading \(first.streamedBytes.inBytes) at \(bandwidth.rounded(toPlaces: 1)) GB/s"
    )
    arithmeticLimit = (
      first.passes.map { ($0.rows, $0.operations / peak / 1e6) },
      "arithmetic at \(peak.rounded(toPlaces: 0)) GFLOP/s"
    )
  }

  private static let width = 760.0
  private static let height = 480.0
  private static let plot = (left: 72.0, right: 736.0, top: 84.0, bottom: 424.0)

  private var rows: [Int] { Set(series.flatMap { $0.passes.map(\.rows) }).sorted() }

  private var x: LogarithmicAxis {
    let ends = rows.map(Double.init)
    return LogarithmicAxis(
      range: (ends.min() ?? 1) / 1.15...(ends.max() ?? 1) * 1.15, start: Self.plot.left,
      end: Self.plot.right)
  }

  /// From below all points, and the limit of reading, to above them, with room for the legend.
  private var y: LogarithmicAxis {
    let values =
      series.flatMap { $0.passes.map(\.milliseconds.median) } + [readingLimit.milliseconds]
    return LogarithmicAxis(
      range: (values.min() ?? 1) / 2...(values.max() ?? 1) * 3, start: Self.plot.bottom,
      end: Self.plot.top)
  }

  var svg: String {
    let (x, y) = (x, y)
    var lines = [
      Markup.element("title", text: title), Markup.element("style", [:], [Chart.style]),
      Markup.element("rect", ["class": "paper", "width": "100%", "height": "100%"]),
      Chart.text(title, at: (Self.plot.left, 28), class: "title"),
      Chart.text(subtitle, at: (Self.plot.left, 48), class: "quiet"),
    ]
    lines += grid(x, y) + limits(x, y)
    for (index, series) in series.enumerated() { lines += points(series, index, x, y) }
    return Chart.svg(width: Self.width, height: Self.height, lines + legend) + "\n"
  }

  /// Lines and numbers of both axes, and what they are.
  private func grid(_ x: LogarithmicAxis, _ y: LogarithmicAxis) -> [String] {
    let plot = Self.plot
    let columns = rows.flatMap { count in
      let place = x.place(of: Double(count))
      return [
        Chart.line(from: (place, plot.top), to: (place, plot.bottom), class: "grid"),
        Chart.text("\(count)", at: (place, plot.bottom + 20), class: "tick middle"),
      ]
    }
    let levels = y.ticks.flatMap { milliseconds in
      let place = y.place(of: milliseconds)
      return [
        Chart.line(from: (plot.left, place), to: (plot.right, place), class: "grid"),
        Chart.text(milliseconds.short, at: (plot.left - 8, place + 4), class: "tick end"),
      ]
    }
    return columns + levels + [
      Chart.text(
        "T, rows of the pass", at: ((plot.left + plot.right) / 2, plot.bottom + 44),
        class: "middle"),
      Chart.text("milliseconds", at: (plot.left - 52, plot.top - 14)),
    ]
  }

  /// Both limits, cut off at the edges of the plot.
  private func limits(_ x: LogarithmicAxis, _ y: LogarithmicAxis) -> [String] {
    let plot = Self.plot
    let reading = y.place(of: readingLimit.milliseconds)
    let arithmetic = arithmeticLimit.points.map {
      (x.place(of: Double($0.rows)), y.place(of: $0.milliseconds))
    }
    let area = Chart.rectangle(
      at: (plot.left, plot.top), width: plot.right - plot.left, height: plot.bottom - plot.top,
      class: "")
    return [
      Markup.element("clipPath", ["id": "plot"], [area]),
      Markup.element(
        "g", ["clip-path": "url(#plot)"],
        [
          Chart.line(from: (plot.left, reading), to: (plot.right, reading), class: "limit reading"),
          Chart.path(arithmetic, class: "limit arithmetic"),
        ]),
    ]
  }

  /// One mark for each size, and the line through them.
  private func points(
    _ series: PathReport, _ index: Int, _ x: LogarithmicAxis, _ y: LogarithmicAxis
  ) -> [String] {
    let places = series.passes.map {
      (x.place(of: Double($0.rows)), y.place(of: $0.milliseconds.median))
    }
    let marks = zip(series.passes, places).map { pass, place in
      let median = pass.milliseconds.median.rounded(toPlaces: 2)
      return Chart.mark(index, at: place, label: "\(series.matmul), T = \(pass.rows): \(median) ms")
    }
    return [Chart.path(places, class: "series s\(index)")] + marks
  }

  private var legend: [String] {
    let names = series.enumerated().map { index, series in
      ("series s\(index)", index as Int?, "\(series.matmul) products, measured")
    }
    let limits = [
      ("limit reading", nil as Int?, readingLimit.words),
      ("limit arithmetic", nil, arithmeticLimit.words),
    ]
    return (names + limits).enumerated().flatMap { line, entry in
      let (left, middle) = (Self.plot.left + 16, Self.plot.top + 20 + 20 * Double(line))
      let mark = entry.1.map { Chart.mark($0, at: (left + 14, middle)) }
      return [Chart.line(from: (left, middle), to: (left + 28, middle), class: entry.0)]
        + (mark.map { [$0] } ?? []) + [Chart.text(entry.2, at: (left + 38, middle + 4))]
    }
  }
}
