import Llama
import Lookahead
import Session
import Tensor

/// Measures part after part. A signal ends it between two measurements; the findings so far remain.
struct Benchmark {
  private let options: BenchOptions
  private let plan: PromptBenchmark.Plan
  private let tasks: [PromptBenchmark.Task]
  private let opened: OpenedModel
  private let executor: Executor
  private let model: ModelReport
  private let progress = StatusLine()
  private var timers: [PassTimer] = []
  private(set) var findings: BenchFindings

  private static let attentionRows = 16
  /// Cached tokens that it sees, where the model's context has room for them.
  private static let attentionContext = 2_000
  /// Tokens of the prompt whose reading is timed, where the model's context has room for them.
  private static let prefillTokens = 512

  private var contextLength: Int { opened.checkpoint.configuration.contextLength }
  private var prefillTokens: Int { min(Self.prefillTokens, contextLength) }

  /// Loads the model for each path. Memory is read when only the first is there and has read a
  /// prompt: later there are a second copy of the weights and the array of the sweep.
  init(
    _ opened: OpenedModel, _ options: BenchOptions, _ plan: PromptBenchmark.Plan,
    _ prompts: [BenchPrompt], _ execution: ExecutionOptions
  ) throws {
    let contextLength = opened.checkpoint.configuration.contextLength
    let passes = options.passes
    // On a simulated clock none of these passes is run.
    let isTimed = options.clock == nil
    if isTimed, passes.largest > contextLength || passes.context > contextLength - passes.largest {
      throw CommandError(
        "A pass of \(passes.largest.counted("row")) behind "
          + "\(passes.context.counted("cached token")) was asked for, but the model was made for "
          + "\(contextLength.counted("token")).")
    }
    (self.opened, self.options, self.plan) = (opened, options, plan)
    executor = try execution.makeExecutor()
    tasks = try PromptBenchmark.tasks(prompts, opened)
    findings = BenchFindings(rows: passes.rows.values)
    let progress = progress
    defer { progress.end() }
    let use = Self.use(plan.use(for: tasks, contextLength: contextLength), options, contextLength)
    for path in try options.paths(for: opened.checkpoint, execution) {
      let (model, seconds) = try opened.load(
        path: path, storage: execution.weights, cacheFormat: execution.cacheFormat, on: executor,
        use: use)
      var timer = PassTimer(model)
      if isTimed {
        progress.say("Warming up …")
        _ = try timer.prefill(tokens: min(Self.prefillTokens, contextLength))
        if timers.isEmpty { findings.memory = ProcessMemory.now() }
      }
      timers.append(timer)
      findings.paths.append(
        PathFindings(
          model: model, loadSeconds: seconds, passSeconds: findings.rows.map { _ in [] }))
    }
    // The digest of a large model takes seconds: it is computed before passes are timed.
    progress.end()
    model = try ModelReport(opened)
  }

  mutating func run() throws {
    defer { progress.end() }
    if options.clock == nil {
      try timePasses(probe())
      try timePrefill()
      try timeAttention()
    }
    findings.prompts = try decodePrompts()
  }

  /// Measures what passes cost and nothing else, and returns the first path's model.
  mutating func measurePasses() throws -> LlamaModel? {
    defer { progress.end() }
    try timePasses(probe())
    return timers.first?.model
  }

  func report() -> BenchReport {
    BenchReport(
      findings, opened, model, on: executor, options: options, plan,
      interrupted: Interruption.signal != nil)
  }

  private func probe() throws -> MachineProbe {
    if let available = AvailableMemory.now(), options.passes.sweep << 20 > available.bytes {
      throw CommandError(
        "The sweep needs \(options.passes.sweep) MB of memory, but \(available.limit.rawValue) "
          + "\(available.bytes >> 20) MB.")
    }
    return MachineProbe(arrayBytes: options.passes.sweep << 20, on: executor)
  }

  /// The largest passes of the timing and of the prompts, for the memory check.
  private static func use(
    _ decoding: ModelUse, _ options: BenchOptions, _ contextLength: Int
  ) -> ModelUse {
    if options.clock != nil { return decoding }
    let rows = max(options.passes.largest, PassTimer.prefillChunk)
    let tokens = max(options.passes.context, attentionContext, prefillTokens)
    return ModelUse(
      tokens: max(min(tokens, contextLength), decoding.tokens),
      rows: max(min(rows, contextLength), decoding.rows), logitRows: max(rows, decoding.logitRows))
  }

  /// Times passes of all sizes on all paths in turn, the machine's own speed before each, so that a
  /// temporary slowdown affects all of them.
  private mutating func timePasses(_ probe: MachineProbe) throws {
    for path in timers.indices { _ = try timers[path].prefill(tokens: options.passes.context) }
    for round in 1...options.passes.repeats {
      for (index, rows) in options.passes.rows.values.enumerated() {
        if Interruption.signal != nil { return }
        progress.say(
          "Round \(round) of \(options.passes.repeats): passes of \(rows.counted("row")) …")
        findings.bandwidths.append(probe.readBandwidth())
        findings.peaks.append(probe.arithmeticPeak())
        for path in timers.indices {
          // The sweep has emptied the caches; decoding finds in them what the pass before left.
          _ = try timers[path].pass(rows: 1)
          findings.paths[path].passSeconds[index].append(try timers[path].pass(rows: rows))
        }
      }
    }
  }

  private mutating func timePrefill() throws {
    findings.prefillTokens = prefillTokens
    for round in 1...options.passes.repeats {
      for path in timers.indices {
        if Interruption.signal != nil { return }
        progress.say("Round \(round) of \(options.passes.repeats): prefill …")
        guard let seconds = try timers[path].prefill(tokens: prefillTokens) else { return }
        findings.paths[path].prefillSeconds.append(seconds)
      }
    }
  }

  /// Times the same pass behind one cached token and behind many.
  private mutating func timeAttention() throws {
    let rows = Self.attentionRows
    let context = min(Self.attentionContext, contextLength - rows)
    if context <= 1 { return }
    findings.attention = (rows, context)
    for path in timers.indices {
      if Interruption.signal != nil { return }
      progress.say("Reading \(context.counted("token")) for the share of attention …")
      var short = PassTimer(timers[path].model)
      guard try short.prefill(tokens: 1) != nil, try timers[path].prefill(tokens: context) != nil
      else { return }
      for _ in 1...options.passes.repeats {
        if Interruption.signal != nil { return }
        findings.paths[path].shortContextSeconds.append(try short.pass(rows: rows))
        findings.paths[path].longContextSeconds.append(try timers[path].pass(rows: rows))
      }
    }
  }

  /// Decodes the prompts; nil where there are none.
  /// - Parameter memory: for `PromptBenchmark.Learning.kept`; what the cache folder has if not given.
  func decodePrompts(
    stepCost: StepCost = StepCost(), memory: DraftMemory? = nil
  ) throws -> [SettingReport]? {
    guard let model = timers.first?.model, !tasks.isEmpty else { return nil }
    defer { progress.end() }
    var kept = memory ?? DraftMemory()
    if memory == nil, plan.settings.contains(where: { $0.learning == .kept }) {
      kept = try DraftMemoryCache(opened, folder: UserCache.folder).read().memory
    }
    var benchmark = PromptBenchmark(
      model: model, plan: plan, stepCost: stepCost, keptMemory: kept)
    try benchmark.measure(tasks, progress: progress)
    return benchmark.reports
  }
}
