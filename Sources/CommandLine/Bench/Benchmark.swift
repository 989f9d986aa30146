import Foundation
import Llama
import Session
import Tensor

/// Measures part after part. A signal ends it between two measurements; the findings so far remain.
struct Benchmark {
  private let options: BenchOptions
  private let storage: WeightStorage
  private let opened: OpenedModel
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

  init(_ opened: OpenedModel, _ options: BenchOptions, _ storage: WeightStorage) throws {
    self.storage = storage
    let contextLength = opened.checkpoint.configuration.contextLength
    let rows = options.passes.rows.values.last ?? 1
    // On a simulated clock none of these passes is run.
    guard
      options.clock != nil
        || rows <= contextLength && options.passes.context <= contextLength - rows
    else {
      throw BenchError.contextTooShort(
        cached: options.passes.context, rows: rows, contextLength: contextLength)
    }
    self.opened = opened
    self.options = options
    findings = BenchFindings(rows: options.passes.rows.values)
  }

  mutating func run(on executor: Executor, tasks: [PromptBenchmark.Task]) throws {
    defer { progress.end() }
    if options.clock == nil {
      try timePasses(probe(on: executor))
      try timePrefill()
      try timeAttention()
    }
    try decode(tasks)
  }

  /// Measures what passes cost and nothing else, and returns the first path's model.
  mutating func measurePasses(on executor: Executor) throws -> LlamaModel? {
    defer { progress.end() }
    try timePasses(probe(on: executor))
    return timers.first?.model
  }

  private func probe(on executor: Executor) throws -> MachineProbe {
    if let available = AvailableMemory.now(), options.passes.sweep << 20 > available.bytes {
      throw BenchError.sweepTooLarge(megabytes: options.passes.sweep, available: available)
    }
    return MachineProbe(arrayBytes: options.passes.sweep << 20, on: executor)
  }

  /// Loads the model for each path. Memory is read when only the first is there and has read a
  /// prompt: later there are a second copy of the weights and the array of the sweep.
  /// - Parameters:
  ///   - tasks: the prompts that are to be decoded.
  ///   - plan: how.
  mutating func load(
    on executor: Executor, for tasks: [PromptBenchmark.Task], plan: PromptBenchmark.Plan
  ) throws {
    defer { progress.end() }
    let use = use(for: tasks, plan)
    for path in options.paths {
      let (model, seconds) = try opened.load(
        path: path, storage: storage, on: executor, use: use)
      var timer = PassTimer(model)
      if options.clock == nil {
        progress.say("Warming up …")
        _ = try timer.prefill(tokens: prefillTokens)
        if timers.isEmpty { findings.memory = ProcessMemory.now() }
      }
      timers.append(timer)
      findings.paths.append(
        PathFindings(
          path: path, loadSeconds: seconds, model: model, rows: options.passes.rows.values))
    }
  }

  /// The largest passes of the timing and of the prompts, for the memory check.
  private func use(
    for tasks: [PromptBenchmark.Task], _ plan: PromptBenchmark.Plan
  ) -> ModelUse {
    let decoding = plan.use(for: tasks, contextLength: contextLength)
    if options.clock != nil { return decoding }
    let rows = max(options.passes.rows.values.last ?? 1, PassTimer.prefillChunk)
    let tokens = max(options.passes.context, Self.attentionContext, Self.prefillTokens)
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
        letOtherThreadsRest()
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
        letOtherThreadsRest()
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
      letOtherThreadsRest()
    }
  }

  private mutating func decode(_ tasks: [PromptBenchmark.Task]) throws {
    guard let model = timers.first?.model, !tasks.isEmpty else { return }
    var benchmark = PromptBenchmark(model: model, plan: try options.decoding())
    try benchmark.measure(tasks, progress: progress)
    findings.prompts = benchmark.reports
  }

  /// OpenBLAS's threads spin for about 25 ms before they sleep, on the cores of the next measurement.
  private func letOtherThreadsRest() {
    if options.matmul.all.contains(.blas) { Thread.sleep(forTimeInterval: 0.05) }
  }
}
