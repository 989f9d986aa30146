/// What tells how long a pass took.
public struct PassClock: Sendable {
  /// Milliseconds since any fixed moment.
  public let now: @Sendable () -> Double

  /// A clock of one's own, such as one that tests turn by hand.
  public init(now: @escaping @Sendable () -> Double) { self.now = now }

  /// The system's clock.
  public static let system: PassClock = {
    let clock = ContinuousClock()
    let start = clock.now
    return PassClock { start.duration(to: clock.now) / .milliseconds(1) }
  }()
}
