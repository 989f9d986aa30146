import ArgumentParser
import Lookahead
import Tensor

struct BenchOptions: ParsableArguments {
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

  @OptionGroup var passes: PassOptions

  @Option(help: "Which matrix products to time; both takes them by turns.")
  var matmul = Paths.both

  @Option(
    help: ArgumentHelp(
      "Decode the prompts of this file too, plainly and with lookahead. One JSON object a line: "
        + "id, chat (whether to use the chat template), prompt, and if you like set and kind.",
      valueName: "file"))
  var prompts: String?

  @Option(
    help: ArgumentHelp("Tokens to make of each prompt at the most.", valueName: "count"))
  var tokens = Self.usualTokens

  @Option(
    help: ArgumentHelp(
      "Times that each prompt is decoded in each way; of its times the median counts.",
      valueName: "count"))
  var rounds = 1

  @Option(
    help: ArgumentHelp(
      "Time nothing; let a pass of T rows take this many milliseconds on a simulated clock, straight "
        + "between the T that are given, the first of which is 1. Needs --prompts.",
      valueName: "T:ms,…"), transform: CostCurve.init(list:))
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

  private static let usualTokens = 96

  func validate() throws {
    try Self.require(["number of tokens": tokens])
    try Self.require("number of rounds", rounds, upTo: PassOptions.maximumTimes)
    if prompts == nil {
      let reason = "Without --prompts nothing is decoded"
      try Self.refuse(
        reason,
        [
          ("--clock", clock != nil), ("--ablation", ablation),
          ("--tokens", tokens != Self.usualTokens),
          ("--rounds", rounds != 1), ("options of sampling", sampling.isChosen),
        ])
      try lookahead.refuseRows(reason)
      try lookahead.refuseMoreThanSizes(reason)
    }
    if clock != nil { try Self.refuse("--clock times nothing", passes.chosen) }
    if ablation { try lookahead.refuseMoreThanSizes("--ablation runs all of them") }
  }

  /// How prompts are decoded; the same at each run, so the seed is 0 where none is given.
  func decoding() throws -> PromptBenchmark.Plan {
    let seed = sampling.seed ?? 0
    return PromptBenchmark.Plan(
      settings: try settings(seed: seed), sampling: try sampling.configuration(seed: seed),
      maximumTokens: tokens, rounds: rounds, clock: clock)
  }

  private func settings(seed: UInt64) throws -> [PromptBenchmark.Setting] {
    if ablation {
      return try Ablation.settings(fixed: lookahead.configuration(seed: seed, schedule: .fixed))
    }
    let configuration = try lookahead.configuration(seed: seed)
    return [PromptBenchmark.Setting(name: configuration.title, lookahead: configuration)]
  }

  /// The paths to measure: on a simulated clock the one alone that prompts are decoded with.
  var paths: [MatrixProductPath] { clock == nil ? matmul.all : Array(matmul.all.prefix(1)) }
}
