import ArgumentParser
import Files
import Llama
import Lookahead
import Session

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract:
      "Measure what passes cost here, learn drafts, keep both, and find the sizes that pay.",
    discussion: """
      Times passes of 1 to 64 rows and keeps what they cost in the user's cache folder, where the \
      other commands find it for --schedule auto. Then makes texts from prompts that come with the \
      program, and keeps which tokens the model thinks likely after which: statistics of tokens, from \
      which later runs draft. Then decodes prompts plainly and with lookahead, by turns, with the \
      automatic schedule and with several fixed sizes, and shows what each gained and which was best \
      for each kind of text. Ctrl-C shows what there is.

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
      var (settings, notes): ([SettingReport], [String]) = ([], [])
      if let loaded = try benchmark.measurePasses(), Interruption.signal == nil {
        let cost = benchmark.findings.stepCost
        if let cost { notes.append(try keep(cost, opened, loaded)) }
        let memory = try learn(opened, loaded, cost, notes: &notes)
        if Interruption.signal == nil {
          settings = try benchmark.decodePrompts(stepCost: cost ?? StepCost(), memory: memory) ?? []
        }
      }
      let bench = benchmark.report()
      let report = TuneReport(bench, settings: settings)
      try options.output.write(report, text: report.text, chart: StepCostChart(bench))
      notes.forEach(Console.note)
      return report
    }
    try Interruption.check()
    if !report.settings.allSatisfy(\.isEqual) { throw ExitStatus.checkFailed }
  }

  /// Lets drafting learn from texts of built-in prompts, and keeps it for other runs.
  private func learn(
    _ opened: OpenedModel, _ model: LlamaModel, _ cost: StepCost?, notes: inout [String]
  ) throws -> DraftMemory {
    let cache = try DraftMemoryCache(opened, folder: UserCache.folder)
    var training = MemoryTraining(memory: cache.read().memory, stepCost: cost ?? StepCost())
    try training.run(TrainingPrompts.prompts(for: opened).prefix(options.texts), opened, model)
    let memory = training.memory
    if training.texts > 0 {
      let problem = try Interruption.finishing { cache.write(memory) }
      notes.append(
        problem
          ?? cache.path.map {
            "drafts learnt from \(training.texts.counted("text")), \(memory.count) contexts, kept in \($0)"
          } ?? "no cache folder to keep drafts in")
    }
    return memory
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
