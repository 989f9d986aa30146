import ArgumentParser
import Llama
import Lookahead
import Tensor

struct BenchOptions: ParsableArguments {
  /// Paths to time by turns; nil is the one that text is made with.
  struct Paths: ExpressibleByArgument {
    let all: [MatrixProductPath?]

    static let both = Paths(all: [nil, .blas])

    var defaultValueDescription: String { "both" }

    private init(all: [MatrixProductPath?]) { self.all = all }

    init?(argument: String) {
      switch argument {
      case "both": self = .both
      case "usual": all = [nil]
      default:
        guard let list = ValueList<MatrixProductPath>(argument: argument) else { return nil }
        all = list.values
      }
    }
  }

  @OptionGroup var passes: PassOptions

  @Option(
    help: ArgumentHelp(
      "Which matrix products to time, by turns: a list of exact, int16, int8 and blas. usual is what "
        + "generate takes for the model; both is that and blas. Prompts are decoded with the first.",
      valueName: "list"))
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

  @Option(
    help: """
      What drafting learns from the model's logits: off, nothing; cold, from each prompt anew; warm, from \
      prompt to prompt; kept, each prompt begins with what tune and generate have kept. Needs --schedule \
      auto.
      """)
  var learning = PromptBenchmark.Learning.off

  @Option(
    help: ArgumentHelp(
      "Make the texts of --prompts so many at once, one number after the other, plainly and with "
        + "lookahead, and show the tokens a second of all together. Nothing else is measured.",
      valueName: "list"))
  var parallel: ValueList<Int>?

  @OptionGroup var lookahead: LookaheadOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var output: MeasurementOutput

  private static let usualTokens = 96

  func validate() throws {
    try Self.require(["number of tokens": tokens])
    try Self.require("number of rounds", rounds, upTo: PassOptions.maximumTimes)
    if let parallel {
      for count in parallel.values {
        try Self.require("number of texts at once", count, upTo: 256)
      }
      if prompts == nil { throw ValidationError("--parallel needs --prompts.") }
      try Self.refuse(
        "--parallel measures texts that are made at once",
        [
          ("--clock", clock != nil), ("--ablation", ablation), ("--rounds", rounds != 1),
          ("--learning", learning != .off), ("--svg", output.svg != nil),
        ] + passes.chosen)
    }
    if prompts == nil {
      let reason = "Without --prompts nothing is decoded"
      try Self.refuse(
        reason,
        [
          ("--clock", clock != nil), ("--ablation", ablation),
          ("--tokens", tokens != Self.usualTokens),
          ("--rounds", rounds != 1), ("--learning", learning != .off),
          ("options of sampling", sampling.isChosen),
        ])
      try lookahead.refuseRows(reason)
      try lookahead.refuseMoreThanSizes(reason)
    }
    if clock != nil { try Self.refuse("--clock times nothing", passes.chosen) }
    if ablation {
      try lookahead.refuseMoreThanSizes("--ablation runs all of them")
      try Self.refuse(
        "--ablation runs with learning and without", [("--learning", learning != .off)])
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
    if ablation {
      return try Ablation.settings(fixed: lookahead.configuration(seed: seed, schedule: .fixed))
    }
    let configuration = try lookahead.configuration(seed: seed)
    if learning != .off, configuration.schedule == .fixed {
      throw ValidationError(
        "--learning needs the automatic schedule: nothing is learnt for fixed sizes.")
    }
    return [
      PromptBenchmark.Setting(
        name: configuration.title, lookahead: configuration, learning: learning)
    ]
  }

  /// The paths to measure: on a simulated clock the one alone that prompts are decoded with.
  func paths(
    for checkpoint: Checkpoint, _ execution: ExecutionOptions
  ) throws -> [MatrixProductPath] {
    let paths = matmul.all.map { $0 ?? .usual(for: checkpoint, execution.weights) }
    for path in paths { try execution.check(path) }
    return clock == nil ? paths : Array(paths.prefix(1))
  }
}
