import ArgumentParser
import Foundation
import Lookahead
import Session

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Measure what passes cost here, keep it, and find the sizes that pay.",
    discussion: """
      Times passes of 1 to 64 rows and keeps what they cost in the user's cache folder, where the \
      other commands find it for --schedule auto. Then decodes prompts plainly and with lookahead, \
      by turns, with the automatic schedule and with several fixed sizes, and shows what each \
      gained and which was best for each kind of text. Ctrl-C shows what there is.

      Examples:
        lookahead tune
        lookahead tune --prompts Fixtures/prompts.jsonl --sizes 0,4,3 3,3,3 --svg step-cost.svg
      """)

  @OptionGroup(title: "Measurements") var options: TuneOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func run() throws {
    let given = try options.prompts.map(PromptFile.read)
    try options.output.svg.map(ChartFile.check)
    let opened = try OpenedModel(try model.location())
    let prompts = given ?? TunePrompts.prompts(for: opened)
    let executor = try execution.makeExecutor()
    var tuner = try Tuner(opened, options, execution.weights)
    let tasks = try PromptBenchmark.tasks(prompts, opened)
    try tuner.load(on: executor, for: tasks)
    // The digest of a large model takes seconds: it is made while there is nothing to lose.
    let model = try ModelReport(opened)
    let report = try Interruption.heeding { () -> TuneReport in
      try tuner.run(on: executor, tasks: tasks)
      let bench = try BenchReport(
        tuner.benchmark.findings, opened, model, on: executor, options: options.benchOptions(),
        interrupted: Interruption.signal != nil)
      let report = TuneReport(bench, settings: tuner.settings)
      try options.output.write(report, text: report.text, chart: StepCostChart(bench))
      for note in tuner.notes { Console.note(note) }
      return report
    }
    if let signal = Interruption.signal { throw ExitStatus.interrupted(by: signal) }
    if report.settings.contains(where: { !$0.isEqual }) {
      throw ExitStatus.checkFailed
    }
  }
}
