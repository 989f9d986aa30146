import Foundation

/// Why standard output cannot be written.
enum ConsoleError: Error, Equatable, CustomStringConvertible {
  /// Nobody reads it any more.
  case outputClosed
  /// The system refused, for the reason it gave.
  case cannotWrite(reason: String)

  /// One sentence.
  var description: String {
    switch self {
    case .outputClosed: "Standard output was closed by its reader."
    case .cannotWrite(let reason): "Standard output cannot be written: \(reason)."
    }
  }
}

/// Standard output, which gets results and nothing else, and standard error, which gets the rest.
enum Console {
  /// Writes to standard output, at once.
  static func write(_ text: String) throws {
    guard let problem = write(text, to: STDOUT_FILENO) else { return }
    if problem == EPIPE { throw ConsoleError.outputClosed }
    throw ConsoleError.cannotWrite(reason: String(cString: strerror(problem)))
  }

  /// Writes a line to standard error; where nobody reads it, to nowhere.
  static func note(_ line: String) { _ = write(line + "\n", to: STDERR_FILENO) }

  /// Writes to standard error without ending the line.
  static func ask(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Whether standard input is typed by somebody.
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// Whether standard output is looked at by somebody.
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether standard error is looked at by somebody.
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether colour can be and may be shown on standard output (https://no-color.org).
  static func showsColour(environment: [String: String], isTerminal: Bool) -> Bool {
    let terminal = environment["TERM"] ?? ""
    return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
      && !terminal.isEmpty && terminal != "dumb"
  }

  /// Waits for a descriptor that another program, which has the pipe or the terminal too, has set to
  /// answer at once where it would have to wait.
  static func waitUntilReady(_ descriptor: Int32, for event: Int32) {
    var state = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = poll(&state, 1, -1)
  }

  /// The error number if not all could be written.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    Array(text.utf8).withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Foundation.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
        } else if errno == EAGAIN {
          waitUntilReady(descriptor, for: POLLOUT)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
