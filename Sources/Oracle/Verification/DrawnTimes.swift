import Lookahead
import Synchronization

/// Times that are drawn instead of measured.
///
/// The automatic schedule goes by what passes take, so a run under it cannot be repeated, and on one
/// machine it takes few of the ways that it could take. With drawn times it does what some machine
/// might make it do, and the same thing each time.
private final class DrawnTimes: Sendable {
  private struct State {
    var generator: SplitMix64
    var milliseconds = 0.0
  }

  private let state: Mutex<State>

  init(seed: UInt64) { state = Mutex(State(generator: SplitMix64(seed: seed))) }

  /// Later than the last time by 1 to 8 milliseconds.
  func next() -> Double {
    state.withLock { state in
      state.milliseconds += Double.random(in: 1...8, using: &state.generator)
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
