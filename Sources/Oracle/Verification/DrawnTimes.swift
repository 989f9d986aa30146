import Lookahead
import Synchronization

/// Times that are drawn instead of measured.
///
/// The automatic schedule goes by what passes take, so a run under it cannot be repeated, and on one
/// machine it takes few of the ways that it could take. With drawn times it does what some machine
/// might make it do, and the same thing each time. How much passes differ is drawn first: where it is
/// little, rows cost nothing and guesses of all sizes pay; where it is much, sizes keep changing.
private final class DrawnTimes: Sendable {
  private struct State {
    var generator: SplitMix64
    let spread: Double
    var milliseconds = 0.0
  }

  private let state: Mutex<State>

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let spread = ([0.02, 0.2, 1, 7] as [Double]).randomElement(using: &generator) ?? 1
    state = Mutex(State(generator: generator, spread: spread))
  }

  /// Later than the last time by 1 millisecond to 1 + spread.
  func next() -> Double {
    state.withLock { state in
      state.milliseconds += Double.random(in: 1...1 + state.spread, using: &state.generator)
      return state.milliseconds
    }
  }
}

extension PassClock {
  /// A clock by which every pass takes a time drawn from the seed.
  static func drawn(seed: UInt64) -> PassClock {
    let times = DrawnTimes(seed: seed)
    return PassClock { times.next() }
  }
}
