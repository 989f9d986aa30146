import ArgumentParser
import Llama
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
    let (plan, benchOptions) = (try options.decoding(), try options.benchOptions())
    var benchmark = try Benchmark(opened, benchOptions, execution.weights)
    let executor = try execution.makeExecutor()
    let tasks = try PromptBenchmark.tasks(given ?? TunePrompts.prompts(for: opened), opened)
    try benchmark.load(on: executor, for: tasks, plan: plan)
    // The digest of a large model takes seconds: it is made while there is nothing to lose.
    let model = try ModelReport(opened)
    let report = try Interruption.heeding { () -> TuneReport in
      var (settings, note): ([SettingReport], String?) = ([], nil)
      if let loaded = try benchmark.measurePasses(on: executor), Interruption.signal == nil {
        let cost = benchmark.findings.stepCost
        note = try cost.map { try keep($0, opened, loaded) }
        var prompts = PromptBenchmark(model: loaded, plan: plan, stepCost: cost ?? StepCost())
        let progress = StatusLine()
        defer { progress.end() }
        try prompts.measure(tasks, progress: progress)
        settings = prompts.reports
      }
      let bench = try BenchReport(
        benchmark.findings, opened, model, on: executor, options: benchOptions,
        interrupted: Interruption.signal != nil)
      let report = TuneReport(bench, settings: settings)
      try options.output.write(report, text: report.text, chart: StepCostChart(bench))
      if let note { Console.note(note) }
      return report
    }
    if let signal = Interruption.signal { throw ExitStatus.interrupted(by: signal) }
    if report.settings.contains(where: { !$0.isEqual }) {
      throw ExitStatus.checkFailed
    }
  }

  /// Keeps what passes cost for other runs.
  /// - Returns: where it is kept, or why it is not.
  private func keep(
    _ cost: StepCost, _ opened: OpenedModel, _ model: LlamaModel
  ) throws -> String {
    let cache = try StepCostCache(opened, model, folder: UserCache.folder)
    let problem = try Interruption.finishing { cache.write(cost) }
    return problem ?? cache.path.map { "kept in \($0)" } ?? "no cache folder to keep it in"
  }
}
