/// How a command ends. Thrown, it ends the program without a message.
struct ExitStatus: Error, Equatable {
  let code: Int32

  static let done = Self(code: 0)
  /// A check that was asked for failed: `--compare` or `verify` found a difference.
  static let checkFailed = Self(code: 1)
  /// A file, prompt or limit cannot be used.
  static let badInput = Self(code: 2)
  /// The options are wrong; `EX_USAGE` of sysexits.h.
  static let wrongUsage = Self(code: 64)

  /// A signal asked to end; as shells report it, 128 and the signal's number.
  static func interrupted(by signal: Int32) -> Self { Self(code: 128 + signal) }
}
