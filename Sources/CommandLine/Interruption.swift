import Foundation
import Synchronization

/// Ctrl-C and SIGTERM while text is made: the first ends the text after the running pass, the
/// second ends the program at once.
enum Interruption {
  /// The signal that came, 0 for none. A signal handler can only reach what is global.
  private static let received = Atomic<Int32>(0)

  /// The signals that are heeded.
  private static let signals = [SIGINT, SIGTERM]

  /// The signal that asked to end, if one came since the last `heeding` began.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Lets the signals through where the program was started with them blocked, as the children of a
  /// program that uses Dispatch are.
  static func unblock() {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Runs `body`, during which a first signal only sets `signal`; before and after, signals do what
  /// they did.
  static func heeding<Result>(_ body: () throws -> Result) rethrows -> Result {
    received.store(0, ordering: .relaxed)
    let previous = signals.map { number in
      Foundation.signal(number) { number in
        // Only calls that are safe inside a signal handler.
        Interruption.received.store(number, ordering: .relaxed)
        _ = Foundation.signal(number, SIG_DFL)
      }
    }
    defer {
      for (number, handler) in zip(signals, previous) { _ = Foundation.signal(number, handler) }
    }
    return try body()
  }
}
