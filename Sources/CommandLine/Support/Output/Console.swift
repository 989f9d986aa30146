import Foundation

/// Why standard output could not be written: the number of the system's error.
struct ConsoleError: Error, Equatable, CustomStringConvertible {
  let number: Int32

  var description: String {
    "Standard output cannot be written: \(String(cString: strerror(number)))."
  }
}

/// Standard output, which gets results and nothing else, and standard error, which gets the rest.
enum Console {
  static func write(_ text: String) throws {
    if let number = write(text, to: STDOUT_FILENO) { throw ConsoleError(number: number) }
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
