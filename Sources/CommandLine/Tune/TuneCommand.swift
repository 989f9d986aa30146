import ArgumentParser
import Files
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
    try options.output.svg.map(OutputFile.check)
    let opened = try model.open()
    var benchmark = try Benchmark(
      opened, options.benchOptions(), options.decoding(),
      given ?? TunePrompts.prompts(for: opened), execution)
    let report = try Interruption.heeding { () -> TuneReport in
      var (settings, note): ([SettingReport], String?) = ([], nil)
      if let loaded = try benchmark.measurePasses(), Interruption.signal == nil {
        let cost = benchmark.findings.stepCost
        note = try cost.map { try keep($0, opened, loaded) }
        settings = try benchmark.decodePrompts(stepCost: cost ?? StepCost()) ?? []
      }
      let bench = benchmark.report()
      let report = TuneReport(bench, settings: settings)
      try options.output.write(report, text: report.text, chart: StepCostChart(bench))
      if let note { Console.note(note) }
      return report
    }
    try Interruption.check()
    if !report.settings.allSatisfy(\.isEqual) { throw ExitStatus.checkFailed }
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
