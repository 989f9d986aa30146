/// What the window is worth: tokens a pass that its guesses settle, beyond those that the model's
/// answers to wrong candidates would have settled anyway.
struct WindowGain: Sendable {
  /// Passes, and the tokens they settled that were guessed from the model's answers to guesses.
  private struct Mean {
    var passes = 0.0
    var tokens = 0.0

    mutating func add(_ count: Int) {
      passes += 1
      tokens += Double(count)
    }

    mutating func fade(_ factor: Double) {
      passes *= factor
      tokens *= factor
    }
  }

  private var with = Mean()
  private var without = Mean()

  /// Tokens a pass that a window is thought to bring before anything is known.
  private let prior: Double
  /// How many passes that is worth.
  private static let priorPasses = 12.0

  /// - Parameter isOnlySource: whether all candidates come from it; beside others it adds little.
  init(isOnlySource: Bool) { prior = isOnlySource ? 0.5 : 0.1 }

  /// Tokens a pass that the window adds, as far as this text has shown.
  var tokens: Double {
    let base = without.tokens / (without.passes + WindowGain.priorPasses)
    let weight = WindowGain.priorPasses
    let carried = (with.tokens + weight * (prior + base)) / (with.passes + weight)
    return max(0, carried - base)
  }

  /// Takes in a pass. What was seen fades, the more slowly known side too, so that the window is
  /// tried again some time.
  mutating func observe(settledFromAnswers count: Int, carriedWindow: Bool) {
    with.fade(0.99)
    without.fade(0.99)
    if carriedWindow { with.add(count) } else { without.add(count) }
  }
}
