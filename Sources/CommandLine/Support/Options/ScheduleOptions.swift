import ArgumentParser
import Lookahead

struct ScheduleOptions: ParsableArguments {
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

  private typealias Sizes = (windowSize: Int, ngramSize: Int, candidatesPerToken: Int)

  private static func defaults(_ size: (Sizes) -> Int) -> String {
    "\(size(LookaheadConfiguration.automaticBounds)), "
      + "\(size(LookaheadConfiguration.defaultSizes)) with --schedule fixed"
  }

  var given: [(String, Bool)] {
    [("-W", window != nil), ("-N", ngram != nil), ("-G", candidates != nil)]
  }
}
