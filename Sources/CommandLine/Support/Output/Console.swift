import Foundation

enum ConsoleError: Error, Equatable, CustomStringConvertible {
  /// Its reader has closed it.
  case outputClosed
  case cannotWrite(reason: String)

  var description: String {
    switch self {
    case .outputClosed: "Standard output was closed by its reader."
    case .cannotWrite(let reason): "Standard output cannot be written: \(reason)."
    }
  }
}

/// Standard output, which gets results and nothing else, and standard error, which gets the rest.
enum Console {
  static func write(_ text: String) throws {
    guard let problem = write(text, to: STDOUT_FILENO) else { return }
    if problem == EPIPE { throw ConsoleError.outputClosed }
    throw ConsoleError.cannotWrite(reason: String(cString: strerror(problem)))
  }

  /// Writes a line to standard error; that it is closed is ignored.
  static func note(_ line: String) { _ = write(line + "\n", to: STDERR_FILENO) }

  /// Writes to standard error without ending the line.
  static func ask(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether colour can be and may be shown on standard output (https://no-color.org).
  static func showsColour(environment: [String: String], isTerminal: Bool) -> Bool {
    let terminal = environment["TERM"] ?? ""
    return isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
      && !terminal.isEmpty && terminal != "dumb"
  }

  /// Waits for a descriptor that another process, which shares it, has set to non-blocking.
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
