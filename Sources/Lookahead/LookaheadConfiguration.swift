/// The sizes of lookahead decoding: W, N and G of the paper (arXiv:2402.02057, section 3).
///
/// They change how fast text is made, never which text.
public struct LookaheadConfiguration: Equatable, Sendable {
  /// Where n-grams for the pool come from.
  public struct PoolSources: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int

    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The lookahead branch: what the window's columns complete.
    public static let window = PoolSources(rawValue: 1)
    /// The prompt.
    public static let prompt = PoolSources(rawValue: 2)
    /// The text generated so far.
    public static let output = PoolSources(rawValue: 4)
    /// All of them.
    public static let all: PoolSources = [.window, .prompt, .output]
  }

  /// W: columns of the window. 0 switches the lookahead branch off.
  public let windowSize: Int
  /// N: tokens of an n-gram. A pass settles up to N tokens.
  public let ngramSize: Int
  /// G: n-grams the pool keeps for each first token, and verifies in one pass. 0 switches the
  /// verification branch off.
  public let candidatesPerToken: Int
  /// What fills the pool.
  public let poolSources: PoolSources
  /// Seed of the draw of the first window from the prompt.
  public let seed: UInt64

  /// W, N and G where none are chosen: about 12 rows a pass, which two cores of a present CPU read
  /// for little more than the price of one (docs/decisions/0010).
  public static let defaultSizes = (windowSize: 3, ngramSize: 3, candidatesPerToken: 3)

  /// Rows of a pass at the most.
  public static let maximumRows = 4_096

  /// Checked sizes.
  /// - Throws: `LookaheadError.invalidSize` if W or G is negative or N below 2, and
  ///   `LookaheadError.tooManyRows` if a pass could exceed `maximumRows`.
  public init(
    windowSize: Int = defaultSizes.windowSize, ngramSize: Int = defaultSizes.ngramSize,
    candidatesPerToken: Int = defaultSizes.candidatesPerToken,
    poolSources: PoolSources = .all, seed: UInt64 = 0
  ) throws {
    for (name, value, minimum) in [
      ("window size W", windowSize, 0), ("n-gram size N", ngramSize, 2),
      ("candidate count G", candidatesPerToken, 0),
    ] where value < minimum {
      throw LookaheadError.invalidSize(name: name, found: value, minimum: minimum)
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
    self.windowSize = windowSize
    self.ngramSize = ngramSize
    self.candidatesPerToken = candidatesPerToken
    self.poolSources = poolSources
    self.seed = seed
  }
}
