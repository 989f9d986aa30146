import Llama

/// The lookahead branch: speculative tokens at the next W + N - 2 positions, a Jacobi iteration whose
/// last N - 1 iterates are the levels.
///
/// Level ℓ + 1 holds the model's predictions for the rows of level ℓ; a column of N - 1 levels and the
/// prediction for its last one are an n-gram.
/// Source: arXiv:2402.02057, section 3.1; lade decoding.py:1049 @eed010d.
public struct LookaheadWindow: Equatable, Sendable {
  /// Tokens by level and column. Level 0 lacks column 0, which is the current token: it starts with
  /// column 1. Level ℓ, column c stands ℓ + c positions after the current token.
  public private(set) var levels: [[TokenID]]
  private let levelCount: Int

  /// The first window: level 0 alone, `W + N - 3` tokens drawn from the prompt. Each warm-up pass
  /// adds a level and drops a column, so that the window is W wide when it has all its levels.
  /// - Returns: nil where W is 0.
  init?(
    _ configuration: LookaheadConfiguration, prompt: [TokenID],
    using generator: inout SplitMix64
  ) {
    guard configuration.windowSize > 0, !prompt.isEmpty else { return nil }
    let width = configuration.windowSize + configuration.windowNgramSize - 3
    let drawn = (0..<width).map { _ in prompt[generator.index(below: prompt.count)] }
    levels = [configuration.firstWindow ?? drawn]
    levelCount = configuration.windowNgramSize - 1
  }

  /// Rows that a warm window has beside the current token's; nil where there can be no window.
  static func rows(_ configuration: LookaheadConfiguration) -> Int? {
    if configuration.windowSize == 0 || !configuration.poolSources.contains(.window) { return nil }
    return configuration.windowSize * (configuration.windowNgramSize - 1) - 1
  }

  /// Whether it has all N - 1 levels, so that every pass completes an n-gram in each column.
  var isWarm: Bool { levels.count == levelCount }

  /// Positions after the current token that the furthest row stands at.
  var reach: Int {
    levels.enumerated().map { level, columns in
      level + (level == 0 ? columns.count : columns.count - 1)
    }.max() ?? 0
  }

  /// Moves the window past the last pass of the prompt, in which level 0 followed the prompt as a
  /// plain continuation. The token that the pass accepted replaces the first token of level 0.
  /// - Parameter predictions: of the rows of level 0, in order.
  mutating func advanceAfterPrompt(predictions: [TokenID]) {
    if isWarm {
      // N = 2: the predictions are for the positions after the new current token.
      levels = [predictions]
    } else {
      levels = [Array(levels[0].dropFirst()), predictions]
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

  /// For each row of the top level the tokens it attends to from the current token on (level 0 up to
  /// its column, then its own column) and its prediction.
  func predictions(current: TokenID, frontier: [TokenID]) -> [[TokenID]] {
    frontier.indices.map { column in
      [current] + levels[0].prefix(column) + levels.dropFirst().map { $0[column] }
        + [frontier[column]]
    }
  }

  /// Moves the window to the next current token. The contents do not depend on the number of accepted
  /// tokens: positions are relative to the current token.
  /// - Parameter frontier: the predictions of the top level, column by column.
  mutating func advance(frontier: [TokenID]) {
    if isWarm {
      levels.removeFirst()
      levels.append(frontier)
      // Column 0 of the new level 0 is at the position of the current token.
      levels[0].removeFirst()
    } else {
      levels = levels.map { Array($0.dropFirst()) } + [Array(frontier.dropFirst())]
    }
  }
}
