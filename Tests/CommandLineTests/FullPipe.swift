import Foundation

/// A pipe that holds all that it can: a program that writes to it has to wait until it is read.
struct FullPipe {
  /// Why there is none.
  enum Failure: Error {
    /// The system refused to make the pipe full.
    case unavailable
  }

  /// What a program is given as standard output.
  let pipe = Pipe()
  private let filling: Int

  /// - Parameter answersAtOnce: whether a write that would have to wait fails instead, as it does where
  ///   another program that has the pipe too goes by events.
  init(answersAtOnce: Bool = false) throws {
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
      throw Failure.unavailable
    }
    let piece = [UInt8](repeating: UInt8(ascii: "."), count: 512)
    var filling = 0
    while true {
      let written = write(descriptor, piece, piece.count)
      if written < 0 { break }
      filling += written
    }
    self.filling = filling
    if !answersAtOnce, fcntl(descriptor, F_SETFL, flags) != 0 { throw Failure.unavailable }
  }

  /// All that a program writes to its end.
  func text() throws -> String {
    let all = try pipe.fileHandleForReading.readToEnd() ?? Data()
    return String(decoding: all.dropFirst(filling), as: UTF8.self)
  }
}
