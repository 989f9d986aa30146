import Foundation

/// Text from files and from standard input, which must be UTF-8 and come to an end.
enum TextInput {
  /// Bytes of a text, or of a line, at most.
  static let byteLimit = 32_000_000

  /// The text of a file, `-` being standard input, without the line end that most end with.
  static func text(ofFile path: String) throws -> String {
    if path == "-" { return try withoutLineEnd(allOf: STDIN_FILENO, name: "Standard input") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw lastError(path) }
    defer { close(descriptor) }
    return try withoutLineEnd(allOf: descriptor, name: path)
  }

  private static func withoutLineEnd(allOf descriptor: Int32, name: String) throws -> String {
    var bytes: [UInt8] = []
    while true {
      let more = try read(descriptor, name: name)
      if more.isEmpty { break }
      bytes += more
      try checkSize(bytes.count, name: name)
    }
    return try validated(LineReader.withoutLineEnd(bytes[...]), name: name)
  }

  fileprivate static func checkSize(_ count: Int, name: String) throws {
    if count > byteLimit {
      throw CommandError(
        "\(name) has more than \(byteLimit / 1_000_000) MB of text, which is more than can be taken in."
      )
    }
  }

  /// Some bytes; none at the end.
  fileprivate static func read(_ descriptor: Int32, name: String) throws -> [UInt8] {
    let capacity = 1 << 16
    while true {
      var count = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        count = Foundation.read(descriptor, buffer.baseAddress, capacity)
        initialized = max(0, count)
      }
      if count >= 0 { return bytes }
      if errno == EAGAIN {
        Console.waitUntilReady(descriptor, for: POLLIN)
      } else if errno != EINTR {
        throw lastError(name)
      }
    }
  }

  fileprivate static func validated(_ bytes: ArraySlice<UInt8>, name: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError.notText(name)
    }
    return text
  }

  private static func lastError(_ name: String) -> CommandError {
    CommandError("\(name) cannot be read: \(String(cString: strerror(errno))).")
  }
}

struct LineReader {
  private var pending: [UInt8] = []
  private var isAtEnd = false

  private static let name = "The line"
  static let notText = CommandError.notText(name)

  /// The next line without its end, or nothing after the last.
  mutating func next() throws -> String? {
    var searched = 0
    while true {
      if let end = pending[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = pending[...end]
        pending.removeFirst(end + 1)
        return try text(line)
      }
      searched = pending.count
      if isAtEnd {
        defer { pending = [] }
        return pending.isEmpty ? nil : try text(pending[...])
      }
      let more = try TextInput.read(STDIN_FILENO, name: "Standard input")
      if more.isEmpty { isAtEnd = true }
      pending += more
      try TextInput.checkSize(pending.count, name: Self.name)
    }
  }

  private func text(_ line: ArraySlice<UInt8>) throws -> String {
    try TextInput.validated(LineReader.withoutLineEnd(line), name: Self.name)
  }

  /// Bytes less a line feed, or a carriage return and line feed, at their end.
  static func withoutLineEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.last == UInt8(ascii: "\n") else { return bytes }
    let line = bytes.dropLast()
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }
}
