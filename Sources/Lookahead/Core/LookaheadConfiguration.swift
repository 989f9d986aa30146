import Llama

/// The sizes of lookahead decoding, W, N and G of the paper (arXiv:2402.02057, section 3), and how
/// candidates are found.
///
/// They change how fast text is made, never which text.
public struct LookaheadConfiguration: Equatable, Sendable {
  /// How candidates are found and credited.
  public enum Policy: String, CaseIterable, Sendable, Codable {
    /// The best guesses of everything seen, the longest match first; up to N tokens a pass.
    case standard
    /// What lade (hao-ai-lab/LookaheadDecoding @eed010d) does, pass by pass, up to N - 1 tokens
    /// each; docs/divergences.md lists the differences.
    case lade
  }

  /// Which rows candidates have.
  public enum CandidateLayout: String, CaseIterable, Sendable, Codable {
    /// Candidates that begin alike share the rows of their beginning.
    case tree
    /// Each candidate has rows of its own.
    case separate
  }

  /// Who decides how many rows a pass has.
  public enum Schedule: String, CaseIterable, Sendable, Codable {
    /// For each pass the window, and as many candidates, as settle the most tokens a second, W, N
    /// and G being the most there may be; down to plain passes where nothing pays.
    case automatic
    /// Each pass has the window, and all candidates that W, N and G allow.
    case fixed
  }

  /// Where candidates come from.
  public struct PoolSources: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int

    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The lookahead branch: the model's answers to guesses, those of the window and of candidates
    /// that were not right.
    public static let window = PoolSources(rawValue: 1)
    /// The prompt.
    public static let prompt = PoolSources(rawValue: 2)
    /// The text generated so far.
    public static let output = PoolSources(rawValue: 4)
    /// Texts of earlier runs, from a file.
    public static let file = PoolSources(rawValue: 8)
    /// All of them.
    public static let all: PoolSources = [.window, .prompt, .output, .file]
  }

  /// W: columns of the window. 0 switches the lookahead branch off.
  public let windowSize: Int
  /// N: tokens of an n-gram. A pass settles up to N tokens.
  public let ngramSize: Int
  /// G: candidates that are verified in one pass. 0 switches the verification branch off.
  public let candidatesPerToken: Int
  /// Where candidates come from.
  public let poolSources: PoolSources
  /// How candidates are found and credited.
  public let policy: Policy
  /// Which rows candidates have.
  public let candidateLayout: CandidateLayout
  /// Who decides how many rows a pass has.
  public let schedule: Schedule
  /// Seed of the draw of the first window from the prompt.
  public let seed: UInt64
  /// The first level 0, W + N - 3 tokens, instead of a draw: to start as another program did.
  public let firstWindow: [TokenID]?

  /// W, N and G of the fixed schedule where none are chosen: about 12 rows a pass, which two cores of
  /// a present CPU read for little more than the price of one (docs/decisions/0010).
  public static let defaultSizes = (windowSize: 3, ngramSize: 3, candidatesPerToken: 3)

  /// W, N and G of the automatic schedule where none are chosen: more than ever pays.
  public static let automaticBounds = (windowSize: 3, ngramSize: 8, candidatesPerToken: 16)

  /// N of the window. Under the automatic schedule N says how long candidates may be; a window of so
  /// many levels would be too dear to try, and its answers chain to longer candidates anyway.
  var windowNgramSize: Int { Self.windowNgramSize(of: ngramSize, schedule) }

  private static func windowNgramSize(of ngramSize: Int, _ schedule: Schedule) -> Int {
    schedule == .automatic ? min(ngramSize, 3) : ngramSize
  }

  /// Tokens that a pass accepts at the most. lade credits a candidate that is right to its end with
  /// one token less (decoding.py, `for gg in range`).
  var tokensPerPass: Int { policy == .lade ? ngramSize - 1 : ngramSize }

  /// Rows of a pass at the most.
  public static let maximumRows = 4_096

  /// Rows that a pass can have at the most, and the prompt's last pass behind the prompt.
  public var largestPass: Int {
    1
      + Self.largestPass(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
        windowNgramSize: windowNgramSize)
  }

  /// While the window warms up, it has L levels of W + N - 1 - L columns, L up to N - 1: with a large
  /// N and a small W many more rows than the (N - 1) · W that it ends with.
  private static func largestPass(
    windowSize: Int, ngramSize: Int, candidatesPerToken: Int, windowNgramSize: Int
  ) -> Int {
    let reach = windowSize + windowNgramSize - 1
    let levels = min(windowNgramSize - 1, max(1, reach / 2))
    let windowRows = windowSize == 0 ? 0 : levels * (reach - levels)
    return windowRows + (ngramSize - 1) * candidatesPerToken
  }

  /// Checked sizes; where one is not given, that of `defaultSizes`, or of `automaticBounds`.
  /// - Parameters:
  ///   - poolSources: all of them if not given; for the policy lade the window alone.
  ///   - candidateLayout: a tree if not given; for the policy lade separate rows.
  ///   - schedule: if not given, automatic where no size is given and the policy is standard, else
  ///     fixed: who asks for sizes gets them.
  /// - Throws: `LookaheadError.invalidSize` if W or G is negative or N below 2,
  ///   `LookaheadError.tooManyRows` or `LookaheadError.tooManyWarmUpRows` if a pass could exceed
  ///   `maximumRows`,
  ///   `LookaheadError.firstWindowSize` for a first window that does not fit W and N, and
  ///   `LookaheadError.unlikeLade` for what lade cannot do, under its policy.
  public init(
    windowSize: Int? = nil, ngramSize: Int? = nil, candidatesPerToken: Int? = nil,
    poolSources: PoolSources? = nil, policy: Policy = .standard,
    candidateLayout: CandidateLayout? = nil, schedule: Schedule? = nil, seed: UInt64 = 0,
    firstWindow: [TokenID]? = nil
  ) throws {
    let isSized = windowSize != nil || ngramSize != nil || candidatesPerToken != nil
    let schedule = schedule ?? (isSized || policy == .lade ? .fixed : .automatic)
    let sizes = schedule == .automatic ? Self.automaticBounds : Self.defaultSizes
    let windowSize = windowSize ?? sizes.windowSize
    let ngramSize = ngramSize ?? sizes.ngramSize
    let candidatesPerToken = candidatesPerToken ?? sizes.candidatesPerToken
    let minima =
      policy == .lade
      ? (window: 1, ngram: 3, candidates: 1) : (window: 0, ngram: 2, candidates: 0)
    for (name, value, minimum) in [
      ("window size W", windowSize, minima.window), ("n-gram size N", ngramSize, minima.ngram),
      ("candidate count G", candidatesPerToken, minima.candidates),
    ] where value < minimum {
      throw LookaheadError.invalidSize(
        name: policy == .lade ? name + " of the policy lade" : name, found: value, minimum: minimum)
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
    let rows = Self.largestPass(
      windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
      windowNgramSize: Self.windowNgramSize(of: ngramSize, schedule))
    guard rows <= limit else {
      throw LookaheadError.tooManyWarmUpRows(
        windowSize: windowSize, ngramSize: ngramSize, candidatesPerToken: candidatesPerToken,
        rows: rows, limit: limit)
    }
    if let firstWindow {
      let expected =
        windowSize == 0 ? 0 : windowSize + Self.windowNgramSize(of: ngramSize, schedule) - 3
      if firstWindow.count != expected {
        throw LookaheadError.firstWindowSize(expected: expected, found: firstWindow.count)
      }
    }
    if policy == .lade {
      if schedule == .automatic { throw LookaheadError.unlikeLade("has a fixed schedule") }
      let sources = poolSources ?? .window
      if sources != .window, sources != [.window, .prompt, .output] {
        throw LookaheadError.unlikeLade(
          "takes n-grams from the window alone, or from window, prompt and output")
      }
      if candidateLayout == .tree {
        throw LookaheadError.unlikeLade("has rows of its own for each candidate, no tree")
      }
    }
    self.windowSize = windowSize
    self.ngramSize = ngramSize
    self.candidatesPerToken = candidatesPerToken
    self.poolSources = poolSources ?? (policy == .lade ? .window : .all)
    self.policy = policy
    self.candidateLayout = candidateLayout ?? (policy == .lade ? .separate : .tree)
    self.schedule = schedule
    self.seed = seed
    self.firstWindow = firstWindow
  }
}
