import Llama

/// The sizes of lookahead decoding, W, N and G of the paper (arXiv:2402.02057, section 3), and how
/// candidates are found.
///
/// They change the speed of decoding, never the text.
public struct LookaheadConfiguration: Equatable, Sendable {
  /// How candidates are found and credited.
  public enum Policy: String, CaseIterable, Sendable, Codable {
    /// Candidates from all sources, the longest match first; up to N tokens a pass.
    case standard
    /// The paper's algorithm, pass by pass as in `TextbookLookahead`: n-grams of the window, by their
    /// first token; up to N tokens a pass.
    case paper
    /// lade (hao-ai-lab/LookaheadDecoding @eed010d) pass by pass, up to N - 1 tokens each;
    /// docs/divergences.md lists the differences.
    case lade
  }

  public enum CandidateLayout: String, CaseIterable, Sendable, Codable {
    /// Candidates share the rows of a common prefix.
    case tree
    /// Each candidate has rows of its own.
    case separate
  }

  /// How the number of rows of a pass is chosen.
  public enum Schedule: String, CaseIterable, Sendable, Codable {
    /// For each pass the size with the highest expected throughput, with W, N and G as upper
    /// bounds; plain passes where speculation does not pay.
    case automatic
    /// Each pass has the window and all candidates that W, N and G allow.
    case fixed
  }

  /// Where candidates come from: any of `DraftOrigin.builtIn`.
  public typealias PoolSources = Set<DraftOrigin>

  /// W: columns of the window. 0 switches the lookahead branch off.
  public let windowSize: Int
  /// N: tokens of an n-gram. A pass accepts up to N tokens.
  public let ngramSize: Int
  /// G: candidates that are verified in one pass. 0 switches the verification branch off.
  public let candidatesPerToken: Int
  public let poolSources: PoolSources
  public let policy: Policy
  public let candidateLayout: CandidateLayout
  public let schedule: Schedule
  /// Seed of the draw of the first window from the prompt.
  public let seed: UInt64
  /// The first level 0, W + N - 3 tokens, instead of a draw: to start as another program did.
  public let firstWindow: [TokenID]?

  /// W, N and G of the fixed schedule: about 12 rows a pass, which cost two cores of a current CPU
  /// little more than one row (docs/decisions/0010).
  public static let defaultSizes = (windowSize: 3, ngramSize: 3, candidatesPerToken: 3)

  /// W, N and G of the automatic schedule: larger than any size that pays.
  public static let automaticBounds = (windowSize: 3, ngramSize: 8, candidatesPerToken: 16)

  /// N of the window. Under the automatic schedule N bounds the length of candidates; a window of as
  /// many levels would cost too many rows to be tried, and its n-grams chain to longer candidates.
  var windowNgramSize: Int { schedule == .automatic ? min(ngramSize, 3) : ngramSize }

  /// Tokens that a pass accepts at most. lade accepts one token less of a candidate that
  /// is right to its end (decoding.py, `for gg in range`).
  var tokensPerPass: Int { policy == .lade ? ngramSize - 1 : ngramSize }

  public static let maximumRows = 4_096

  /// Rows that a pass can have at most, the prompt's last pass (without the prompt) included.
  ///
  /// While the window warms up, it has L levels of W + N - 1 - L columns, L up to N - 1: with a large
  /// N and a small W many more rows than the final (N - 1) · W.
  public var largestPass: Int {
    let reach = windowSize + windowNgramSize - 1
    let levels = min(windowNgramSize - 1, max(1, reach / 2))
    let windowRows = windowSize == 0 ? 0 : levels * (reach - levels)
    return 1 + windowRows + (ngramSize - 1) * candidatesPerToken
  }

  /// Sizes that are not given are those of `defaultSizes` or `automaticBounds`.
  /// - Parameters:
  ///   - poolSources: all of them if not given; the window alone for the policies paper and lade.
  ///   - candidateLayout: a tree if not given; separate rows for the policies paper and lade.
  ///   - schedule: if not given, automatic where no size is given and the policy is standard, else
  ///     fixed.
  /// - Throws: `LookaheadError.invalidSize` if W or G is negative or N below 2,
  ///   `LookaheadError.tooManyRows` or `LookaheadError.tooManyWarmUpRows` if a pass could exceed
  ///   `maximumRows`,
  ///   `LookaheadError.firstWindowSize` for a first window that does not fit W and N, and
  ///   `LookaheadError.unlikePolicy` for an option that the policy does not have.
  public init(
    windowSize: Int? = nil, ngramSize: Int? = nil, candidatesPerToken: Int? = nil,
    poolSources: PoolSources? = nil, policy: Policy = .standard,
    candidateLayout: CandidateLayout? = nil, schedule: Schedule? = nil, seed: UInt64 = 0,
    firstWindow: [TokenID]? = nil
  ) throws {
    let isSized = windowSize != nil || ngramSize != nil || candidatesPerToken != nil
    let schedule = schedule ?? (isSized || policy != .standard ? .fixed : .automatic)
    let sizes = schedule == .automatic ? Self.automaticBounds : Self.defaultSizes
    self.windowSize = windowSize ?? sizes.windowSize
    self.ngramSize = ngramSize ?? sizes.ngramSize
    self.candidatesPerToken = candidatesPerToken ?? sizes.candidatesPerToken
    self.poolSources = poolSources ?? (policy == .standard ? .all : .window)
    self.policy = policy
    self.candidateLayout = candidateLayout ?? (policy == .standard ? .tree : .separate)
    self.schedule = schedule
    self.seed = seed
    self.firstWindow = firstWindow
    try checkSizes()
    if policy != .standard { try checkPolicy() }
  }

  private func checkSizes() throws {
    let minima =
      switch policy {
      case .standard: (window: 0, ngram: 2, candidates: 0)
      case .paper: (window: 1, ngram: 2, candidates: 0)
      case .lade: (window: 1, ngram: 3, candidates: 1)
      }
    for (name, value, minimum) in [
      ("window size W", windowSize, minima.window), ("n-gram size N", ngramSize, minima.ngram),
      ("candidate count G", candidatesPerToken, minima.candidates),
    ] where value < minimum {
      throw LookaheadError.invalidSize(
        name: policy == .standard ? name : name + " of the policy \(policy)", found: value,
        minimum: minimum)
    }
    let limit = LookaheadConfiguration.maximumRows
    guard
      windowSize <= limit, ngramSize <= limit, candidatesPerToken <= limit,
      (ngramSize - 1) * (windowSize + candidatesPerToken) <= limit
    else {
      throw LookaheadError.tooManyRows(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
        limit: limit)
    }
    guard largestPass - 1 <= limit else {
      throw LookaheadError.tooManyWarmUpRows(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
        rows: largestPass - 1, limit: limit)
    }
    let expected = windowSize == 0 ? 0 : windowSize + windowNgramSize - 3
    if let firstWindow, firstWindow.count != expected {
      throw LookaheadError.firstWindowSize(expected: expected, found: firstWindow.count)
    }
  }

  private func checkPolicy() throws {
    func refuse(_ rule: String) -> LookaheadError { .unlikePolicy(policy, rule: rule) }
    if schedule == .automatic { throw refuse("has a fixed schedule") }
    if policy == .paper, poolSources != .window {
      throw refuse("takes n-grams from the window alone")
    }
    if poolSources != .window, poolSources != [.window, .prompt, .output] {
      throw refuse("takes n-grams from the window alone, or from window, prompt and output")
    }
    if candidateLayout == .tree {
      throw refuse("has rows of its own for each candidate, no tree")
    }
  }
}

/// One source alone, and all of them.
extension LookaheadConfiguration.PoolSources {
  public static var window: Self { [.window] }
  public static var prompt: Self { [.prompt] }
  public static var output: Self { [.output] }
  public static var file: Self { [.file] }
  public static var all: Self { Self(DraftOrigin.builtIn) }
}
