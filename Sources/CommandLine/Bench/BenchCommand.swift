import ArgumentParser
import Files
import Lookahead
import Session

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
        lookahead bench --prompts Fixtures/prompts.jsonl --parallel 1,2,4,8
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
    if let counts = options.parallel?.values { return try runParallel(counts, prompts) }
    try options.output.svg.map(OutputFile.check)
    var benchmark = try Benchmark(
      model.open(), options, options.decoding(), prompts, execution)
    let report = try Interruption.heeding { () -> BenchReport in
      try benchmark.run()
      let report = benchmark.report()
      try options.output.write(report, text: report.text, chart: StepCostChart(report))
      return report
    }
    try Interruption.check()
    if report.prompts?.settings.allSatisfy(\.isEqual) == false { throw ExitStatus.checkFailed }
  }

  /// Makes the texts of the prompts several at once.
  private func runParallel(_ counts: [Int], _ prompts: [BenchPrompt]) throws {
    let opened = try model.open()
    let seed = options.sampling.seed ?? 0
    let path = try options.paths(for: opened.checkpoint, execution)[0]
    let lookahead = try options.lookahead.configuration(seed: seed)
    var settings = try SessionSettings(lookahead: lookahead)
    settings.maximumTokens = options.tokens
    settings.textsAtOnce = min(counts.max() ?? 1, prompts.count)
    let longest = try prompts.map { try opened.tokens(of: $0.asPrompt).count }.max()
    let loaded = try opened.load(
      path: path, storage: execution.weights, cacheFormat: execution.cacheFormat,
      on: try execution.makeExecutor(), use: settings.use(of: opened.checkpoint, prompt: longest))
    let benchmark = ParallelBenchmark(
      opened: opened, model: loaded.model, prompts: prompts, lookahead: lookahead,
      sampling: try options.sampling.configuration(seed: seed), maximumTokens: options.tokens)
    let ways = try Interruption.heeding { () -> [ParallelBenchmark.Way] in
      let ways = try benchmark.run(counts)
      try Console.write(
        ["ways": ways] as JSONObject, asJSON: options.output.json,
        lines: ParallelBenchmark.table(ways))
      return ways
    }
    try Interruption.check()
    if !ways.allSatisfy(\.isEqual) { throw ExitStatus.checkFailed }
  }
}
