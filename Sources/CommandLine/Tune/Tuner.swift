import Lookahead
import Session
import Tensor

/// Measures what passes cost, and then what each setting gains.
struct Tuner {
  private let opened: OpenedModel
  private let options: TuneOptions
  private let progress = StatusLine()
  private(set) var benchmark: Benchmark
  /// The settings with the prompts that were decoded.
  private(set) var settings: [SettingReport] = []
  /// For standard error, at the end.
  private(set) var notes: [String] = []

  init(_ opened: OpenedModel, _ options: TuneOptions, _ storage: WeightStorage) throws {
    self.opened = opened
    self.options = options
    benchmark = try Benchmark(opened, try options.benchOptions(), storage)
  }

  /// Reads the weights, if there is memory for them and for the decoding of the prompts.
  mutating func load(on executor: Executor, for tasks: [PromptBenchmark.Task]) throws {
    try benchmark.load(on: executor, for: tasks, plan: options.decoding())
  }

  mutating func run(on executor: Executor, tasks: [PromptBenchmark.Task]) throws {
    defer { progress.end() }
    guard let model = try benchmark.measurePasses(on: executor), Interruption.signal == nil else {
      return
    }
    let cost = benchmark.findings.paths.first.flatMap {
      StepCost(rows: benchmark.findings.rows, seconds: $0.passSeconds)
    }
    if let cost {
      let cache = try StepCostCache(opened, model, folder: UserCache.folder)
      let problem = try Interruption.finishing { cache.write(cost) }
      let kept = cache.path.map { "kept in \($0)" } ?? "no cache folder to keep it in"
      notes.append(problem ?? kept)
    }
    var prompts = PromptBenchmark(
      model: model, plan: try options.decoding(), stepCost: cost ?? StepCost())
    try prompts.measure(tasks, progress: progress)
    settings = prompts.reports
  }
}

extension StepCost {
  /// From the times of passes, the medians counting.
  init?(rows: [Int], seconds: [[Double]]) {
    let medians = zip(rows, seconds).compactMap { rows, seconds in
      Spread(seconds).map { (rows: rows, milliseconds: $0.median * 1_000) }
    }
    guard let one = medians.first, one.rows == 1 else { return nil }
    self.init(
      level: one.milliseconds,
      points: medians.dropFirst().filter { $0.rows <= StepCost.maximumRows }.map {
        Point(rows: $0.rows, ratio: $0.milliseconds / one.milliseconds, weight: StepCost.memory)
      })
  }
}
