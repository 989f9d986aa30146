import ArgumentParser

struct MeasurementOutput: ParsableArguments {
  @Flag(help: "Write one JSON object on one line instead of tables.")
  var json = false

  @Option(
    help: ArgumentHelp("Draw what a pass costs over its rows into this file.", valueName: "file"))
  var svg: String?

  func write(_ report: some Encodable, text: [String], chart: StepCostChart?) throws {
    try Console.write(report, asJSON: json, lines: text)
    guard let svg else { return }
    if let chart {
      try Markup.write(chart.svg, to: svg)
    } else {
      Console.note("No pass was timed, so \(svg) was not written.")
    }
  }
}
