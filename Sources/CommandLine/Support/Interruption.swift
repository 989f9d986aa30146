import Foundation
import Synchronization

/// Ctrl-C and SIGTERM. While text is made, the first ends it after the running pass, so that what
/// there is can be shown; while that is shown, it ends nothing, and what would follow does not begin.
/// At any other time, as while a model is loaded or a prompt is turned into tokens, there is nothing to
/// show and the first ends the program at once, with a sentence. The second always ends it at once.
enum Interruption {
  /// The signal that came, 0 for none. A signal handler can only reach what is global.
  private static let received = Atomic<Int32>(0)
  /// How many of `heeding` and `finishing` are running.
  private static let heeders = Atomic<Int>(0)
  /// The last words on a terminal and elsewhere: a handler can only write existing bytes.
  private static let onScreen: StaticString = "\r\u{1B}[Klookahead: Interrupted.\n"
  private static let inFile: StaticString = "lookahead: Interrupted.\n"
  private static let showsOnScreen = Atomic<Bool>(false)

  private static let signals = [SIGINT, SIGTERM]

  /// The signal that asked to end, if one came since the last `heeding` began that is inside no other.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// - Throws: `ExitStatus.interrupted` if a signal asked to end.
  static func check() throws {
    if let signal { throw ExitStatus.interrupted(by: signal) }
  }

  /// Installs the handlers, except for signals that are ignored already, as by nohup.
  static func install() {
    showsOnScreen.store(Console.errorIsTerminal, ordering: .relaxed)
    // The children of a program that uses Dispatch start with them blocked.
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals {
      sigaddset(&set, number)
      let inherited = Foundation.signal(number) { Interruption.act(on: $0) }
      if isIgnoring(inherited) { _ = Foundation.signal(number, SIG_IGN) }
    }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Whether a handler is SIG_IGN, which is a small number. Swift cannot compare functions.
  private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    let ignoring: (@convention(c) (Int32) -> Void)? = SIG_IGN
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(ignoring, to: Int.self)
  }

  /// Only calls that are safe inside a signal handler.
  private static func act(on number: Int32) {
    if heeders.load(ordering: .relaxed) > 0 {
      let isFirst = received.compareExchange(
        expected: 0, desired: number, ordering: .relaxed
      ).exchanged
      if isFirst { return }
      // The signal that is being handled ends the program when the handler returns.
      _ = Foundation.signal(number, SIG_DFL)
      raise(number)
      return
    }
    say()
    _exit(ExitStatus.interrupted(by: number).code)
  }

  /// Says that the program was interrupted, by a call that is safe inside a signal handler.
  static func say() {
    let sentence = showsOnScreen.load(ordering: .relaxed) ? onScreen : inFile
    _ = Foundation.write(STDERR_FILENO, sentence.utf8Start, sentence.utf8CodeUnitCount)
  }

  /// Runs `body`, during which a first signal only sets `signal`. Where signals are heeded already, one
  /// that came before is kept.
  static func heeding<Result>(_ body: () throws -> Result) rethrows -> Result {
    if heeders.load(ordering: .relaxed) == 0 { received.store(0, ordering: .relaxed) }
    heeders.add(1, ordering: .relaxed)
    defer { heeders.subtract(1, ordering: .relaxed) }
    return try body()
  }

  /// Runs `body`, such as the writing of a file, to its end. A signal that comes meanwhile ends the
  /// program then.
  /// - Throws: `ExitStatus.interrupted`, and what `body` throws.
  static func finishing<Result>(_ body: () throws -> Result) throws -> Result {
    // Whoever heeds signals already will act on it.
    if heeders.load(ordering: .relaxed) > 0 { return try body() }
    let earlier = signal
    let result = try heeding(body)
    try check()
    received.store(earlier ?? 0, ordering: .relaxed)
    return result
  }
}
