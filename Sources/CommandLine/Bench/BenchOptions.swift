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

  @OptionGroup var lookahead: LookaheadOptions

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var output: MeasurementOutput

  func validate() throws {
    for (name, value, minimum) in [
      ("context", context, 0), ("number of repeats", repeats, 1), ("sweep", sweep, 1),
      ("number of tokens", tokens, 1),
    ] where value < minimum {
      throw ValidationError("The \(name) is \(value), but must be at least \(minimum).")
    }
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory >> 21)
    if sweep > limit {
      throw ValidationError(
        "The sweep is \(sweep) MB, but must be at most \(limit), half of this machine's memory.")
    }
  }

  /// How prompts are decoded; the same at each run, so the seed is 0 where none is given.
  func decoding() throws -> PromptBenchmark.Setting {
    let seed = sampling.seed ?? 0
    return PromptBenchmark.Setting(
      lookahead: try lookahead.configuration(seed: seed),
      sampling: try sampling.configuration(seed: seed), maximumTokens: tokens)
  }
}
