import ArgumentParser
import Lookahead

/// How many rows a pass has, and what is in them; none of it changes the text.
struct LookaheadOptions: ParsableArguments {
  @OptionGroup var sizes: ScheduleOptions

  @Option(
    help: ArgumentHelp(
      "Where candidates come from: any of window, prompt, output and file, or none. "
        + "(default: all; window with --policy paper or lade)", valueName: "list"),
    transform: LookaheadConfiguration.PoolSources.init(list:))
  var poolSources: LookaheadConfiguration.PoolSources?

  @Option(
    help: """
      How candidates are found: the most probable ones of all sources, or pass by pass as in the \
      paper, or as in its authors' program; changes the speed only.
      """)
  var policy = LookaheadConfiguration.Policy.standard

  @Flag(
    name: .customLong("no-tree"),
    help: "Give each candidate rows of its own, even where candidates begin alike.")
  var noTree = false

  func validate() throws {
    do {
      _ = try configuration(seed: 0)
    } catch {
      throw ValidationError("\(error)")
    }
    if let window = sizes.window, window > 0, let poolSources, !poolSources.contains(.window) {
      throw ValidationError(
        "There is no window where --pool-sources does not name it, so -W \(window) is of no use.")
    }
  }

  /// W, N, G and what belongs to them.
  /// - Parameter seed: of the first window's draw.
  func configuration(seed: UInt64) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(
      windowSize: sizes.window, ngramSize: sizes.ngram, candidatesPerToken: sizes.candidates,
      poolSources: poolSources, policy: policy,
      candidateLayout: noTree || policy != .standard ? .separate : .tree, schedule: sizes.chosen,
      seed: seed)
  }
}

extension LookaheadOptions {
  /// Whether anything was asked for.
  var isChosen: Bool { choosesMoreThanSizes || sizes.areGiven }

  /// Whether anything was asked for but the schedule, which plain decoding may be said to have too.
  var choosesRows: Bool { sizes.areGiven || choosesCandidates }

  /// Whether more was asked for than W, N and G.
  var choosesMoreThanSizes: Bool { sizes.schedule != nil || choosesCandidates }

  private var choosesCandidates: Bool { poolSources != nil || policy != .standard || noTree }

  /// W, N and G with the fixed schedule.
  func fixedConfiguration(seed: UInt64) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(
      windowSize: sizes.window, ngramSize: sizes.ngram, candidatesPerToken: sizes.candidates,
      schedule: .fixed, seed: seed)
  }
}

extension LookaheadConfiguration.PoolSources {
  private static let named: KeyValuePairs<String, Self> = [
    "window": .window, "prompt": .prompt, "output": .output, "file": .file,
  ]

  /// The names of its members, as the option spells them.
  var names: [String] { Self.named.filter { contains($0.value) }.map(\.key) }

  /// A set from names with commas between, or "none".
  init(list: String) throws {
    self = []
    if list == "none" { return }
    for name in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let source = Self.named.first(where: { $0.key == name }) else {
        throw ValidationError(
          "A pool source is window, prompt, output or file, not '\(name)'.")
      }
      insert(source.value)
    }
  }
}

extension LookaheadConfiguration.Policy: ExpressibleByArgument {}
