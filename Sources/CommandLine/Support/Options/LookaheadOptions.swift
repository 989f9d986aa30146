import ArgumentParser
import Lookahead

/// Sizes of passes and sources of candidates: they change the speed only.
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
    _ = try Self.validating { try configuration(seed: 0) }
    if let window = sizes.window, window > 0, let poolSources, !poolSources.contains(.window) {
      throw ValidationError(
        "There is no window where --pool-sources does not name it, so -W \(window) is of no use.")
    }
  }

  /// - Parameter schedule: in place of the one that the options give.
  func configuration(
    seed: UInt64, schedule: LookaheadConfiguration.Schedule? = nil
  ) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(
      windowSize: sizes.window, ngramSize: sizes.ngram, candidatesPerToken: sizes.candidates,
      poolSources: poolSources, policy: policy, candidateLayout: noTree ? .separate : nil,
      schedule: schedule ?? sizes.schedule?.schedule, seed: seed)
  }
}

extension LookaheadOptions {
  private var candidateOptions: [(String, Bool)] {
    [
      ("--pool-sources", poolSources != nil), ("--policy", policy != .standard),
      ("--no-tree", noTree),
    ]
  }

  /// Refuses all options but `--schedule`.
  func refuseRows(_ reason: String) throws {
    try Self.refuse(reason, sizes.given + candidateOptions)
  }

  /// Refuses all options but W, N and G.
  func refuseMoreThanSizes(_ reason: String) throws {
    try Self.refuse(reason, [("--schedule", sizes.schedule != nil)] + candidateOptions)
  }
}

extension LookaheadConfiguration.PoolSources {
  private static let named: KeyValuePairs<String, Self> = [
    "window": .window, "prompt": .prompt, "output": .output, "file": .file,
  ]

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
