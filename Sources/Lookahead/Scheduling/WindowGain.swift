/// The gain of the window: accepted tokens per pass that were drafted from predictions of speculative
/// rows, with the window less without it, where only rejected candidates make predictions.
struct WindowGain: Sendable {
  /// A decaying mean of tokens per pass.
  private struct Mean {
    var passes = 0.0
    var tokens = 0.0

    mutating func decay() {
      passes *= PassSizer.decay
      tokens *= PassSizer.decay
    }
  }

  private var with = Mean()
  private var without = Mean()
  /// The gain before anything is measured.
  private let prior: Double

  /// - Parameter isOnlySource: whether all candidates come from the window; beside others it adds less.
  init(isOnlySource: Bool) { prior = isOnlySource ? 0.5 : 0.1 }

  /// Tokens per pass that the window adds.
  var tokens: Double {
    let weight = Double(PassSizer.priorPasses)
    let base = without.tokens / (without.passes + weight)
    let carried = (with.tokens + weight * (prior + base)) / (with.passes + weight)
    return max(0, carried - base)
  }

  /// Takes a pass. Both means decay, so that the prior returns and the window is tried again.
  mutating func observe(fromPredictions count: Int, carriedWindow: Bool) {
    with.decay()
    without.decay()
    if carriedWindow {
      with = Mean(passes: with.passes + 1, tokens: with.tokens + Double(count))
    } else {
      without = Mean(passes: without.passes + 1, tokens: without.tokens + Double(count))
    }
  }
}
