import Foundation

/// A new file, written from its beginning to its end, through a buffer of a megabyte; larger arrays are
/// not copied to it.
public final class OutputFile {
  public let path: String
  /// Bytes written so far.
  public private(set) var count = 0
  private var descriptor: Int32?
  private var pending: [UInt8] = []

  private static let bufferSize = 1 << 20

  /// Creates a file; an error if it exists.
  public convenience init(creating path: String) throws(OutputFileError) {
    try self.init(path, O_CREAT | O_EXCL, named: path)
  }

  init(_ path: String, _ flags: Int32, named name: String) throws(OutputFileError) {
    self.path = name
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
    if descriptor < 0 { throw OutputFileError(name) }
    self.descriptor = descriptor
  }

  deinit {
    if let descriptor { _ = systemClose(descriptor) }
  }

  /// Writes text as UTF-8.
  public func write(_ text: String) throws(OutputFileError) { try write(Array(text.utf8)) }

  /// Writes numbers in the little-endian form of their type.
  public func write<Number: BitwiseCopyable>(_ values: [Number]) throws(OutputFileError) {
    #if _endian(big)
      #error("Numbers are written as they are in memory.")
    #endif
    let bytes = values.count * MemoryLayout<Number>.stride
    count += bytes
    if pending.count + bytes > Self.bufferSize { try flush() }
    if bytes < Self.bufferSize {
      values.withUnsafeBytes { pending += $0 }
    } else {
      try send(values)
    }
  }

  /// Writes the buffer and closes the file. Some systems report a full disk only now.
  public func close() throws(OutputFileError) {
    try flush()
    guard let descriptor else { return }
    self.descriptor = nil
    if systemClose(descriptor) != 0 { throw OutputFileError(path) }
  }

  private func flush() throws(OutputFileError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    try send(bytes)
  }

  private func send<Number: BitwiseCopyable>(_ values: [Number]) throws(OutputFileError) {
    guard let descriptor else { preconditionFailure("\(path) is closed") }
    let isWritten = values.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = systemWrite(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno != EINTR { return false }
        rest = rest.dropFirst(max(written, 0))
      }
      return true
    }
    if !isWritten { throw OutputFileError(path) }
  }
}

/// Why a file could not be written: the reason that the system gave.
public struct OutputFileError: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  public let reason: String

  /// - Parameter reason: that of the last system call if not given.
  public init(_ path: String, reason: String? = nil) {
    (self.path, self.reason) = (path, reason ?? lastSystemError())
  }

  public var description: String { "\(path) cannot be written: \(reason)." }
}
