#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A new file, written from its beginning to its end.
///
/// Small pieces are gathered to a large one; large pieces go to the system from where they lie.
public final class OutputFile {
  /// Where the file is, as errors say it.
  public let path: String
  /// Bytes written so far.
  public private(set) var count = 0
  private var descriptor: Int32?
  private var pending: [UInt8] = []

  /// Bytes that are gathered before the system is asked to write.
  private static let bufferSize = 1 << 20

  /// Makes a file that was not there before.
  /// - Throws: `OutputFileError`.
  public convenience init(creating path: String) throws(OutputFileError) {
    try self.init(path, O_CREAT | O_EXCL, named: path)
  }

  /// - Parameter name: what errors call it.
  init(_ path: String, _ flags: Int32, named name: String) throws(OutputFileError) {
    self.path = name
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
    if descriptor < 0 { throw OutputFileError(path: name, number: errno) }
    self.descriptor = descriptor
  }

  deinit {
    if let descriptor { _ = Self.systemClose(descriptor) }
  }

  /// Writes bytes.
  public func write(_ bytes: [UInt8]) throws(OutputFileError) {
    count += bytes.count
    if pending.count + bytes.count > Self.bufferSize { try flush() }
    if bytes.count < Self.bufferSize {
      pending += bytes
    } else {
      try send(bytes)
    }
  }

  /// Writes text as UTF-8.
  public func write(_ text: String) throws(OutputFileError) { try write(Array(text.utf8)) }

  /// Writes numbers, each as the 4 bytes of its binary32 form, the least significant first.
  public func write(_ values: [Float]) throws(OutputFileError) {
    try flush()
    count += values.count * MemoryLayout<Float>.stride
    #if _endian(little)
      try send(values)
    #else
      try send(values.map(\.bitPattern.littleEndian))
    #endif
  }

  /// Writes numbers, each as the 8 bytes of its binary64 form, the least significant first.
  public func write(_ values: [Double]) throws(OutputFileError) {
    try flush()
    count += values.count * MemoryLayout<Double>.stride
    #if _endian(little)
      try send(values)
    #else
      try send(values.map(\.bitPattern.littleEndian))
    #endif
  }

  /// Writes what is pending and closes the file, which cannot be written to after that.
  /// - Throws: `OutputFileError`: some systems say only now that a disk is full.
  public func close() throws(OutputFileError) {
    try flush()
    guard let descriptor else { return }
    self.descriptor = nil
    if Self.systemClose(descriptor) != 0 { throw OutputFileError(path: path, number: errno) }
  }

  private func flush() throws(OutputFileError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    try send(bytes)
  }

  /// Hands all bytes of an array to the system.
  private func send<Element: BitwiseCopyable>(_ values: [Element]) throws(OutputFileError) {
    precondition(descriptor != nil, "\(path) is closed")
    guard let descriptor else { return }
    let problem = values.withUnsafeBytes { bytes -> Int32? in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Self.systemWrite(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
    if let problem { throw OutputFileError(path: path, number: problem) }
  }

  // The methods here hide the functions of the same name.
  private static let systemClose: @Sendable (Int32) -> Int32 = { descriptor in
    #if canImport(Darwin)
      Darwin.close(descriptor)
    #elseif canImport(Glibc)
      Glibc.close(descriptor)
    #else
      Musl.close(descriptor)
    #endif
  }

  private static let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = {
    #if canImport(Darwin)
      Darwin.write($0, $1, $2)
    #elseif canImport(Glibc)
      Glibc.write($0, $1, $2)
    #else
      Musl.write($0, $1, $2)
    #endif
  }
}

/// Why a file could not be written: the reason that the system gave.
public struct OutputFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What the system said.
  public let reason: String

  init(path: String, number: Int32) {
    self.path = path
    reason = String(cString: strerror(number))
  }

  /// One sentence.
  public var description: String { "\(path) cannot be written: \(reason)." }
}
