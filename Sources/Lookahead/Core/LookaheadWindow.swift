import Llama

/// The lookahead branch: guesses at the next W + N - 2 tokens, refined level by level.
///
/// Level ℓ holds the model's answers to level ℓ - 1; after N - 1 levels each column spells an n-gram
/// that the model itself produced, out of a guess. A Jacobi iteration whose history is kept.
/// Source: arXiv:2402.02057, section 3.1; lade decoding.py:1049 @eed010d.
public struct LookaheadWindow: Equatable, Sendable {
  /// Tokens by level and column. Level 0 lacks column 0, which is the current token: it starts with
  /// column 1. Level ℓ, column c stands ℓ + c positions after the current token.
  public private(set) var levels: [[TokenID]]
  private let levelCount: Int

  /// The first window: level 0 alone, `W + N - 3` tokens drawn from the prompt. Each warm-up pass
  /// adds a level and drops a column, so that the window is W wide when it has all its levels.
  /// - Returns: nothing where W is 0: then there is no lookahead branch.
  init?(
    _ configuration: LookaheadConfiguration, prompt: [TokenID],
    using generator: inout some RandomNumberGenerator
  ) {
    guard configuration.windowSize > 0, let anyToken = prompt.first else { return nil }
    let width = configuration.windowSize + configuration.windowNgramSize - 3
    let guesses = (0..<width).map { _ in prompt.randomElement(using: &generator) ?? anyToken }
    levels = [configuration.firstWindow ?? guesses]
    levelCount = configuration.windowNgramSize - 1
  }

  /// Rows that a warm window has beside the current token's; nothing where there can be no window.
  static func rows(_ configuration: LookaheadConfiguration) -> Int? {
    if configuration.windowSize == 0 || !configuration.poolSources.contains(.window) { return nil }
    return configuration.windowSize * (configuration.windowNgramSize - 1) - 1
  }

  /// Whether all N - 1 levels are there, so that every pass completes an n-gram in each column.
  var isWarm: Bool { levels.count == levelCount }

  /// Positions after the current token that the furthest row stands at.
  var reach: Int {
    levels.enumerated().map { level, columns in
      level + (level == 0 ? columns.count : columns.count - 1)
    }.max() ?? 0
  }

  /// Takes in the pass that read the prompt and, behind it, level 0 as a plain continuation.
  /// - Parameter answers: the model's answers to the tokens of level 0, in order.
  ///
  /// The prompt's last row has settled the new current token, which replaces the first guess.
  mutating func advanceAfterPrompt(answers: [TokenID]) {
    if isWarm {
      // N = 2: the answers stand one position further than the guesses, right behind the new
      // current token.
      levels = [answers]
    } else {
      levels = [Array(levels[0].dropFirst()), answers]
    }
  }

  /// The n-grams that the frontier completes, one for each column, the first token being the key:
  /// `(level 0, level 1, …, level N - 2, frontier)`.
  func ngrams(current: TokenID, frontier: [TokenID]) -> [[TokenID]] {
    guard isWarm else { return [] }
    return frontier.indices.map { column in
      let first = column == 0 ? current : levels[0][column - 1]
      return [first] + levels.dropFirst().map { $0[column] } + [frontier[column]]
    }
  }

  /// What each row of the top level has read from the current token on, and its answer: level 0 up to
  /// its column, then its own column.
  func answers(current: TokenID, frontier: [TokenID]) -> [[TokenID]] {
    frontier.indices.map { column in
      [current] + levels[0].prefix(column) + levels.dropFirst().map { $0[column] }
        + [frontier[column]]
    }
  }

  /// Moves the window to the next current token.
  ///
  /// However many tokens the pass settled, the window keeps its contents: the same guesses now stand
  /// relative to the new current token.
  /// - Parameter frontier: the model's answers to the top level, column by column.
  mutating func advance(frontier: [TokenID]) {
    if isWarm {
      levels.removeFirst()
      levels.append(frontier)
      // What is now column 0 of level 0 stands where the current token does.
      levels[0].removeFirst()
    } else {
      levels = levels.map { Array($0.dropFirst()) } + [Array(frontier.dropFirst())]
    }
  }
}
