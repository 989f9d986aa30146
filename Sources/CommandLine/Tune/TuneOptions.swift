import ArgumentParser
import Lookahead

struct TuneOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Decode the prompts of this file, as bench does. (default: a few that come with the program)",
      valueName: "file"))
  var prompts: String?

  @Option(help: ArgumentHelp("Tokens to make of each prompt at the most.", valueName: "count"))
  var tokens = 64

  @Option(
    help: ArgumentHelp(
      "Texts of \(MemoryTraining.tokens) tokens, of the prompts that come with the program, from which "
        + "drafting learns.", valueName: "count"))
  var texts = TrainingPrompts.count

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Times that each size of a pass is timed.", valueName: "count"))
  var repeats = 7

  @Option(
    name: .customLong("sizes"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Fixed sizes to try, each as W,N,G. (default: \(TuneSizes.usualDescription))",
      valueName: "W,N,G"), transform: TuneSizes.init(list:))
  var sizes: [TuneSizes] = TuneSizes.usual

  @OptionGroup var output: MeasurementOutput

  func validate() throws {
    try Self.require(["number of tokens": tokens])
    guard 0...TrainingPrompts.count ~= texts else {
      throw ValidationError("The number of texts must be from 0 to \(TrainingPrompts.count).")
    }
    try Self.require("number of repeats", repeats, upTo: PassOptions.maximumTimes)
  }

  /// How prompts are decoded: with the automatic schedule, and with each of the fixed sizes.
  func decoding() throws -> PromptBenchmark.Plan {
    let configurations =
      try [LookaheadConfiguration(schedule: .automatic)] + sizes.map(\.configuration)
    return PromptBenchmark.Plan(
      settings: configurations.map {
        PromptBenchmark.Setting(
          name: $0.title, lookahead: $0, learning: $0.schedule == .automatic ? .kept : .off)
      },
      sampling: try SamplingConfiguration(), maximumTokens: tokens, rounds: 1, clock: nil)
  }

  /// As `lookahead bench` would be asked for the cost of passes.
  func benchOptions() throws -> BenchOptions {
    var arguments = ["--matmul", "usual", "--rows", "1,2,3,4,6,8,12,16,24,32,48,64"]
    arguments += ["--repeat", "\(repeats)", "--sweep", "64"]
    return try BenchOptions.parse(arguments)
  }
}

struct TuneSizes: CustomStringConvertible {
  let configuration: LookaheadConfiguration

  /// Verification alone in three depths, and three windows.
  static let usual = ["0,3,2", "0,4,3", "0,6,6", "2,3,2", "3,3,3", "5,4,5"].compactMap {
    try? TuneSizes(list: $0)
  }

  static let usualDescription = usual.map(\.description).joined(separator: " ")

  init(list: String) throws {
    let numbers = list.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let window = numbers[0], let ngram = numbers[1],
      let candidates = numbers[2]
    else { throw ValidationError("Sizes are three whole numbers, such as 3,3,3.") }
    configuration = try LookaheadConfiguration(
      windowSize: window, ngramSize: ngram, candidatesPerToken: candidates, schedule: .fixed)
  }

  var description: String { configuration.title }
}
