import Foundation

/// How a command ends. Thrown, it ends the program without a message.
enum ExitStatus: Error, Equatable {
  case done
  /// A check that was asked for failed: `--compare` or `verify` found a difference.
  case checkFailed
  /// A file, prompt or limit cannot be used.
  case badInput
  /// The options are wrong; `EX_USAGE` of sysexits.h.
  case wrongUsage
  /// A signal asked to end; as shells report it, 128 and the signal's number.
  case interrupted(by: Int32)

  var code: Int32 {
    switch self {
    case .done: 0
    case .checkFailed: 1
    case .badInput: 2
    case .wrongUsage: 64
    case .interrupted(let signal): 128 + signal
    }
  }
}
