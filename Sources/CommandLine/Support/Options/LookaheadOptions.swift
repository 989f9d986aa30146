import ArgumentParser
import Lookahead

/// Sizes of passes and sources of candidates: they change the speed only.
struct LookaheadOptions: ParsableArguments {
  enum Schedule: String, CaseIterable, ExpressibleByArgument {
    case auto, fixed

    var schedule: LookaheadConfiguration.Schedule { self == .auto ? .automatic : .fixed }
  }

  @Option(
    help: """
      Who decides how many rows a pass has: auto, what pays on this machine and for this text; \
      fixed, W, N and G. (default: auto; fixed with -W, -N, -G, or --policy paper or lade)
      """)
  var schedule: Schedule?

  @Option(
    name: [.customShort("W"), .long],
    help: ArgumentHelp(
      "Columns of the lookahead window; 0 for none. (default: \(Self.defaults { $0.windowSize }))",
      valueName: "W"))
  var window: Int?

  @Option(
    name: [.customShort("N"), .long],
    help: ArgumentHelp(
      "Tokens of an n-gram, and of a pass at the most; at least 2. "
        + "(default: \(Self.defaults { $0.ngramSize }))", valueName: "N"))
  var ngram: Int?

  @Option(
    name: [.customShort("G"), .long],
    help: ArgumentHelp(
      "Candidates tried in a pass; 0 for none; with --schedule auto the most there may be. "
        + "(default: \(Self.defaults { $0.candidatesPerToken }))", valueName: "G"))
  var candidates: Int?

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

  private typealias Sizes = (windowSize: Int, ngramSize: Int, candidatesPerToken: Int)

  private static func defaults(_ size: (Sizes) -> Int) -> String {
    "\(size(LookaheadConfiguration.automaticBounds)), "
      + "\(size(LookaheadConfiguration.defaultSizes)) with --schedule fixed"
  }

  func validate() throws {
    _ = try Self.validating { try configuration(seed: 0) }
    if let window, window > 0, let poolSources, !poolSources.contains(.window) {
      throw ValidationError(
        "There is no window where --pool-sources does not name it, so -W \(window) is of no use.")
    }
  }

  /// - Parameter schedule: in place of the one that the options give.
  func configuration(
    seed: UInt64, schedule: LookaheadConfiguration.Schedule? = nil
  ) throws -> LookaheadConfiguration {
    try LookaheadConfiguration(
      windowSize: window, ngramSize: ngram, candidatesPerToken: candidates,
      poolSources: poolSources, policy: policy, candidateLayout: noTree ? .separate : nil,
      schedule: schedule ?? self.schedule?.schedule, seed: seed)
  }

  private var candidateOptions: [(String, Bool)] {
    [
      ("--pool-sources", poolSources != nil), ("--policy", policy != .standard),
      ("--no-tree", noTree),
    ]
  }

  /// Refuses all options but `--schedule`.
  func refuseRows(_ reason: String) throws {
    let sizes = [("-W", window != nil), ("-N", ngram != nil), ("-G", candidates != nil)]
    try Self.refuse(reason, sizes + candidateOptions)
  }

  /// Refuses all options but W, N and G.
  func refuseMoreThanSizes(_ reason: String) throws {
    try Self.refuse(reason, [("--schedule", schedule != nil)] + candidateOptions)
  }
}

extension LookaheadConfiguration.PoolSources {
  var names: [String] { DraftOrigin.builtIn.filter(contains).map(\.name) }

  /// A set from names with commas between, or "none".
  init(list: String) throws {
    self = []
    if list == "none" { return }
    for name in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let source = DraftOrigin.builtIn.first(where: { $0.name == name }) else {
        throw ValidationError(
          "A pool source is window, prompt, output or file, not '\(name)'.")
      }
      insert(source)
    }
  }
}

extension LookaheadConfiguration.Policy: ExpressibleByArgument {}
