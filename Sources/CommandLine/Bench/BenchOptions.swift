import ArgumentParser
import Foundation
import Lookahead
import Tensor

/// What to measure, and how often.
struct BenchOptions: ParsableArguments {
  /// The paths to measure.
  enum Paths: String, CaseIterable, ExpressibleByArgument {
    case exact, blas, both

    /// The first is the one that prompts are decoded with and whose memory is measured.
    var all: [MatrixProductPath] {
      switch self {
      case .exact: [.exact]
      case .blas: [.blas]
      case .both: [.exact, .blas]
      }
    }
  }

  @Option(
    help: ArgumentHelp("Sizes of the passes to time, with commas between.", valueName: "list"))
  var rows = RowCounts.usual

  @Option(help: ArgumentHelp("Cached tokens that these passes see.", valueName: "count"))
  var context = 128

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Times that each is timed; the median counts.", valueName: "count"))
  var repeats = 9

  @Option(help: "Which matrix products to time; both takes them by turns.")
  var matmul = Paths.both

  @Option(
    help: ArgumentHelp(
      "Megabytes of the array whose reading gives the read bandwidth: many times the caches.",
      valueName: "MB"))
  var sweep = 512

  @Option(
    help: ArgumentHelp(
      "Decode the prompts of this file too, plainly and with lookahead. One JSON object a line: "
        + "id, chat (whether to use the chat template), prompt, and if you like set and kind.",
      valueName: "file"))
  var prompts: String?

  @Option(help: ArgumentHelp("Tokens to make of each prompt at the most.", valueName: "count"))
  var tokens = 96

  @Option(
    help: ArgumentHelp(
      "Times that each prompt is decoded in each way; of its times the median counts.",
      valueName: "count"))
  var rounds = 1

  @Option(
    help: ArgumentHelp(
      "Time nothing; let a pass of T rows take this many milliseconds on a simulated clock, straight "
        + "between the T that are given, the first of which is 1. Needs --prompts.",
      valueName: "T:ms,…"))
  var clock: CostCurve?

  @Flag(
    help: """
      Decode the prompts with both schedules, with all sources of candidates, with some, and without \
      shared rows, and show what each gains. -W, -N and -G are the sizes of the fixed schedule.
      """)
  var ablation = false

  @OptionGroup var lookahead: LookaheadOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var output: MeasurementOutput

  func validate() throws {
    for (name, value, minimum) in [
      ("context", context, 0), ("number of repeats", repeats, 1), ("sweep", sweep, 1),
      ("number of tokens", tokens, 1), ("number of rounds", rounds, 1),
    ] where value < minimum {
      throw ValidationError("The \(name) is \(value), but must be at least \(minimum).")
    }
    if prompts == nil, clock != nil || ablation {
      throw ValidationError("--clock and --ablation need --prompts.")
    }
    if ablation, lookahead.choosesMoreThanSizes {
      throw ValidationError(
        "--ablation goes through schedules, sources and layouts itself, so none can be given.")
    }
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory >> 21)
    if sweep > limit {
      throw ValidationError(
        "The sweep is \(sweep) MB, but must be at most \(limit), half of this machine's memory.")
    }
  }

  /// How prompts are decoded; the same at each run, so the seed is 0 where none is given.
  func decoding() throws -> PromptBenchmark.Plan {
    let seed = sampling.seed ?? 0
    return PromptBenchmark.Plan(
      settings: try settings(seed: seed), sampling: try sampling.configuration(seed: seed),
      maximumTokens: tokens, rounds: rounds, clock: clock)
  }

  private func settings(seed: UInt64) throws -> [PromptBenchmark.Setting] {
    if ablation { return try Ablation.settings(fixed: lookahead.fixedConfiguration(seed: seed)) }
    let configuration = try lookahead.configuration(seed: seed)
    return [PromptBenchmark.Setting(name: configuration.title, lookahead: configuration)]
  }

  /// The paths to measure: on a simulated clock the one alone that prompts are decoded with.
  var paths: [MatrixProductPath] { clock == nil ? matmul.all : Array(matmul.all.prefix(1)) }
}
