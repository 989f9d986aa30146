import Foundation

/// A terminal without a screen, to see what a program shows to somebody who looks.
struct PseudoTerminal {
  /// Why there is none.
  enum Failure: Error {
    /// The system refused.
    case unavailable(String)
  }

  /// The end that a program writes to.
  let terminal: FileHandle
  private let screen: FileHandle

  /// A new terminal.
  init() throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    guard openpty(&master, &slave, nil, nil, nil) == 0 else {
      throw Failure.unavailable(String(cString: strerror(errno)))
    }
    screen = FileHandle(fileDescriptor: master, closeOnDealloc: true)
    terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
  }

  /// Types into a program whose standard input is this terminal.
  func type(_ text: String) throws { try type(Array(text.utf8)) }

  /// Types bytes, which need be no text.
  func type(_ bytes: [UInt8]) throws { try screen.write(contentsOf: Data(bytes)) }

  /// What a program shows whose standard output is this terminal. Runs it to its end.
  func shown(by run: LookaheadProcess) throws -> String {
    run.process.standardOutput = terminal
    run.process.standardError = FileHandle.nullDevice
    try run.process.run()
    try terminal.close()
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(screen.fileDescriptor, &buffer, buffer.count)
      // Linux reports the end as an input/output error.
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    run.process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
