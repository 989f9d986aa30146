import Foundation
import Synchronization

/// A file whose bytes are read on demand, from several threads at once if need be.
///
/// Every byte is copied out of the file: a file that is cut short or written to meanwhile can spoil
/// what is read of it, but nothing else. Bytes that are gone by then are read as zeros, and
/// `checkUnchanged()` throws; call it when all is read (docs/decisions/0054).
public final class InputFile: Sendable {
  public let path: String
  /// Size in bytes when the file was opened.
  public let count: Int
  /// Time of the last modification when the file was opened, in seconds since 1970.
  public var modified: Double {
    Double(version.seconds) + Double(version.nanoseconds) / 1e9
  }
  private let descriptor: Int32
  private let version: Version
  /// The first read that failed.
  private let failure = Mutex<InputFileError?>(nil)
  /// The buffer of small reads, such as those of a header.
  private let window = Mutex(Window())

  private struct Window: Sendable {
    var start = 0
    var bytes: [UInt8] = []

    static let size = 1 << 16
    /// Larger reads do not go through the window.
    static let largestRead = 1 << 14

    func holds(_ range: Range<Int>) -> Bool {
      range.lowerBound >= start && range.upperBound <= start + bytes.count
    }
  }

  /// What changes when a file is written to or cut short.
  private struct Version: Equatable {
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
      size = Int(status.st_size)
      seconds = status.modificationTime.tv_sec
      nanoseconds = status.modificationTime.tv_nsec
    }
  }

  public init(path: String) throws(InputFileError) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: lastSystemError()) }
    do {
      version = try Self.version(of: descriptor, path: path)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    count = version.size
  }

  deinit { close(descriptor) }

  private static func version(
    of descriptor: Int32, path: String
  ) throws(InputFileError) -> Version {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: lastSystemError())
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Version(status)
    case S_IFDIR: throw .isDirectory(path: path)
    default: throw .notRegularFile(path: path)
    }
  }

  /// Checks that everything read so far came from the file as it was when it was opened.
  ///
  /// - Throws: `.changed` if the file was cut short or written to since, `.cannotRead` if a read
  ///   failed.
  public func checkUnchanged() throws(InputFileError) {
    if let problem = failure.withLock({ $0 }) { throw problem }
    if try Self.version(of: descriptor, path: path) != version { throw .changed(path: path) }
  }

  /// The little-endian integer at `offset`, at any alignment, or nil if it is not wholly inside
  /// the file.
  public func integer<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type = T.self
  ) -> T? {
    range(at: offset, count: MemoryLayout<T>.size).map { range in
      read(range) { T(littleEndian: $0.loadUnaligned(as: type)) }
    }
  }

  /// `count` consecutive little-endian integers from `offset` on, at any alignment, or nil if they
  /// are not wholly inside the file.
  public func integers<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, count: Int, as type: T.Type = T.self
  ) -> [T]? {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.size)
    guard !overflow, let range = range(at: offset, count: size) else { return nil }
    return read(range) { bytes in
      (0..<count).map { index in
        let start = index * MemoryLayout<T>.size
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: type))
      }
    }
  }

  /// A copy of `count` bytes at `offset`, or nil if they are not wholly inside the file.
  public func bytes(at offset: Int, count: Int) -> [UInt8]? {
    guard let range = range(at: offset, count: count) else { return nil }
    return count <= Window.largestRead ? read(range) { [UInt8]($0) } : array(range)
  }

  /// The UTF-8 text of `count` bytes at `offset`, or nil if the bytes are not wholly inside the
  /// file or are not UTF-8.
  public func text(at offset: Int, count: Int) -> String? {
    guard let range = range(at: offset, count: count) else { return nil }
    return read(range) { bytes in
      bytes.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) }
    }
  }

  /// Calls `body` with a copy of the bytes of `range`.
  /// - Precondition: `range` is inside `0 ..< count`: check others with `range(at:count:)`.
  public func withBytes<Result>(
    in range: Range<Int>, _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "bytes \(range) of \(path), which has \(count)")
    return try withCopy(of: range) { try body($0.bytes) }
  }

  /// Calls `body` with all bytes in order, at most a megabyte at a time.
  public func forEachPiece(_ body: (RawSpan) throws -> Void) rethrows {
    for start in stride(from: 0, to: count, by: 1 << 20) {
      try withBytes(in: start..<min(count, start + 1 << 20), body)
    }
  }

  /// The range of `count` bytes at `offset`, or nil unless it is wholly inside the file.
  public func range(at offset: Int, count length: Int) -> Range<Int>? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return offset..<(offset + length)
  }

  /// A small read, through the window.
  private func read<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    if range.isEmpty { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    if range.count > Window.largestRead { return withCopy(of: range, body) }
    let window = window.withLock { window in
      if !window.holds(range) {
        let end = min(count, range.lowerBound + Window.size)
        window.start = range.lowerBound
        window.bytes = array(range.lowerBound..<end)
      }
      return window
    }
    let start = range.lowerBound - window.start
    return window.bytes.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[start..<start + range.count]))
    }
  }

  private func withCopy<Result>(
    of range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try withUnsafeTemporaryAllocation(byteCount: range.count, alignment: 16) { buffer in
      fill(buffer, from: range.lowerBound)
      return try body(UnsafeRawBufferPointer(buffer))
    }
  }

  /// The bytes of `range`, which is not empty, read straight into an array.
  private func array(_ range: Range<Int>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      fill(UnsafeMutableRawBufferPointer(rebasing: bytes[..<range.count]), from: range.lowerBound)
      count = range.count
    }
  }

  /// Fills the buffer from `offset` on, with zeros beyond the end of the file.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let size = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if size > 0 {
        done += size
      } else if size == 0 || errno != EINTR {
        let problem: InputFileError =
          size == 0
          ? .changed(path: path) : .cannotRead(path: path, reason: lastSystemError())
        failure.withLock { $0 = $0 ?? problem }
        rest.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
    }
  }
}
