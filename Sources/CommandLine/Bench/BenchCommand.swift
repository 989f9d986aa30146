import ArgumentParser
import Session
import Tensor

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure what passes cost, and what lookahead decoding gains.",
    discussion: """
      Times passes of one row, two, and so on, with the project's own matrix products and with \
      OpenBLAS's, beside the read bandwidth and the arithmetic peak of the machine, all by turns in \
      one run. With --prompts, decodes prompts plainly and with lookahead and checks that tokens \
      and logits are the same; the exit status is 1 if they are not. Ctrl-C shows what there is.

      Examples:
        lookahead bench
        lookahead bench --rows 1,16,32 --matmul exact --svg step-cost.svg
        lookahead bench --prompts Fixtures/prompts.jsonl --json
        lookahead bench --prompts Fixtures/prompts.jsonl --ablation
        lookahead bench --prompts Fixtures/prompts.jsonl --clock 1:18.3,8:23.5,16:31,32:48.5

      GB/s counts the weights that a pass reads, GFLOP/s the multiplications and additions of its \
      matrix products and of attention. Attention's share is what a pass costs more behind many \
      cached tokens than behind one. Peak memory is that of the whole process, read before the \
      second copy of the weights and the array of the sweep are made.
      """)

  @OptionGroup(title: "Measurements") var options: BenchOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func run() throws {
    let prompts = try options.prompts.map(PromptFile.read) ?? []
    try options.output.svg.map(ChartFile.check)
    let opened = try OpenedModel(try model.location())
    var benchmark = try Benchmark(opened, options, execution.weights)
    let executor = try execution.makeExecutor()
    let tasks = try PromptBenchmark.tasks(prompts, opened)
    try benchmark.load(on: executor, for: tasks, plan: options.decoding())
    // The digest of a large model takes seconds: it is made while there is nothing to lose.
    let model = try ModelReport(opened)
    let report = try Interruption.heeding { () -> BenchReport in
      try benchmark.run(on: executor, tasks: tasks)
      let report = try BenchReport(
        benchmark.findings, opened, model, on: executor, options: options,
        interrupted: Interruption.signal != nil)
      try options.output.write(report, text: report.text, chart: StepCostChart(report))
      return report
    }
    if let signal = Interruption.signal { throw ExitStatus.interrupted(by: signal) }
    if report.prompts?.settings.contains(where: { !$0.isEqual }) == true {
      throw ExitStatus.checkFailed
    }
  }
}
