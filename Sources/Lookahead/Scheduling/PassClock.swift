/// Times passes.
public struct PassClock: Sendable {
  /// Milliseconds since a fixed moment.
  public let now: @Sendable () -> Double

  public init(now: @escaping @Sendable () -> Double) { self.now = now }

  public static let system: PassClock = {
    let clock = ContinuousClock()
    let start = clock.now
    return PassClock { start.duration(to: clock.now) / .milliseconds(1) }
  }()
}
