import Foundation
import Llama
import Session
import Tensor

/// What `--json` says of a benchmark, and what tables and chart are made from.
///
/// The keys are the names here in snake case, in alphabetical order; what was not measured is null.
struct BenchReport: Encodable {
  /// What the machine can do at most.
  struct Machine: Encodable {
    @Nullable var cpu: String?
    let threads: Int
    let instructionSet: String
    let sweepBytes: Int
    /// Gigabytes (10⁹ bytes) a second.
    @Nullable var readBandwidth: Spread?
    /// GFLOP/s.
    @Nullable var arithmeticPeak: Spread?
  }

  /// Memory of the process when one copy of the weights was loaded and a prompt had been read.
  struct Memory: Encodable {
    let matmul: String
    let peakBytes: Int
    @Nullable var mappedFileBytes: Int?
    let cacheBytes: Int
    let weightBytes: Int
    let overWeights: Double
  }

  let date: String
  let model: ModelReport
  let machine: Machine
  /// Null where the system does not tell.
  @Nullable var memory: Memory?
  /// Cached tokens that the passes saw.
  let context: Int
  let repeats: Int
  let paths: [PathReport]
  @Nullable var prompts: PromptsReport?
  /// Whether a signal ended it before everything was measured.
  let interrupted: Bool

  init(
    _ findings: BenchFindings, _ opened: OpenedModel, _ model: ModelReport,
    on executor: Executor, options: BenchOptions, _ plan: PromptBenchmark.Plan, interrupted: Bool
  ) {
    date = Date().formatted(.iso8601)
    self.model = model
    let bandwidth = Spread(findings.bandwidths.map { $0 / 1e9 })
    let peak = Spread(findings.peaks.map { $0 / 1e9 })
    machine = Machine(
      cpu: CPUName.current, threads: executor.threadCount,
      instructionSet: executor.instructionSet.rawValue, sweepBytes: options.passes.sweep << 20,
      readBandwidth: bandwidth, arithmeticPeak: peak)
    let configuration = opened.checkpoint.configuration
    if let memory = findings.memory, let path = findings.paths.first {
      self.memory = Memory(
        matmul: path.model.path.rawValue, peakBytes: memory.peak,
        mappedFileBytes: memory.mappedFiles,
        cacheBytes: findings.prefillTokens
          * configuration.cacheBytesPerToken(as: path.model.cacheFormat),
        weightBytes: path.model.weightBytes,
        overWeights: Double(memory.peak) / Double(path.model.weightBytes))
    }
    context = options.passes.context
    repeats = options.passes.repeats
    paths = findings.paths.map { path in
      PathReport(
        path, findings, configuration, context: options.passes.context,
        bandwidth: bandwidth?.median, peak: peak?.median)
    }
    prompts = findings.prompts.map { PromptsReport(settings: $0, plan: plan) }
    self.interrupted = interrupted
  }
}
