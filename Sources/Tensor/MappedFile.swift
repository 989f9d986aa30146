#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file mapped into memory, read only.
///
/// Nothing is read until it is touched, so opening a large file costs next to nothing. The bytes
/// may be read from several threads at once. They stay mapped for as long as the value lives; the
/// file must not be shortened meanwhile, since the operating system ends a process that reads a
/// mapping beyond its file's end.
public final class MappedFile: Sendable {
  /// The path the file was opened by.
  public let path: String
  /// The file's size in bytes.
  public let count: Int
  /// The first byte, nil in an empty file. Safe to share: the mapping is read only.
  nonisolated(unsafe) private let start: UnsafeRawPointer?

  /// Maps the regular file at `path`.
  ///
  /// - Throws: `MappedFileError` if it cannot be opened, or is a folder or other special file.
  public init(path: String) throws(MappedFileError) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: Self.lastSystemError())
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .cannotOpen(path: path, reason: Self.lastSystemError())
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isDirectory(path: path)
    default: throw .notRegularFile(path: path)
    }
    guard let size = Int(exactly: status.st_size), size >= 0 else {
      throw .cannotMap(path: path, reason: "its size does not fit this machine's addresses")
    }
    self.path = path
    count = size
    if size == 0 {
      start = nil
      return
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw .cannotMap(path: path, reason: Self.lastSystemError())
    }
    start = UnsafeRawPointer(address)
  }

  deinit {
    if let start { munmap(UnsafeMutableRawPointer(mutating: start), count) }
  }

  private static func lastSystemError() -> String { String(cString: strerror(errno)) }
}

// MARK: - Reading

extension MappedFile {
  /// The little-endian integer at `offset`, at any alignment, or nil if it is not wholly inside
  /// the file.
  public func integer<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: T.Type = T.self
  ) -> T? {
    guard let start, let range = range(at: offset, count: MemoryLayout<T>.size) else { return nil }
    return T(littleEndian: start.loadUnaligned(fromByteOffset: range.lowerBound, as: type))
  }

  /// `count` consecutive little-endian integers from `offset` on, at any alignment, or nil if they
  /// are not wholly inside the file.
  public func integers<T: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, count: Int, as type: T.Type = T.self
  ) -> [T]? {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.size)
    guard !overflow, let range = range(at: offset, count: size) else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: whole[range])
    return (0..<count).map { index in
      T(littleEndian: bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: type))
    }
  }

  /// A copy of `count` bytes at `offset`, or nil if they are not wholly inside the file.
  public func bytes(at offset: Int, count: Int) -> [UInt8]? {
    range(at: offset, count: count).map { [UInt8](whole[$0]) }
  }

  /// The UTF-8 text of `count` bytes at `offset`, or nil if the bytes are not wholly inside the
  /// file or are not UTF-8.
  public func text(at offset: Int, count: Int) -> String? {
    guard let range = range(at: offset, count: count) else { return nil }
    let bytes = UnsafeRawBufferPointer(rebasing: whole[range])
    return bytes.withMemoryRebound(to: UInt8.self) { String(validating: $0, as: UTF8.self) }
  }

  /// Calls `body` with the bytes of `range`, without copying them.
  ///
  /// - Precondition: `range` is inside `0 ..< count`; check untrusted ranges with
  ///   `range(at:count:)` first.
  public func withBytes<Result>(
    in range: Range<Int>, _ body: (RawSpan) throws -> Result
  ) rethrows -> Result {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count,
      "bytes \(range) of \(path), which has \(count)")
    return try body(UnsafeRawBufferPointer(rebasing: whole[range]).bytes)
  }

  /// Gives the memory that the file's pages take back to the system; a page that is asked for again is
  /// read again.
  public func releasePages() {
    if let start { madvise(UnsafeMutableRawPointer(mutating: start), count, MADV_DONTNEED) }
  }

  /// The range of `count` bytes at `offset`, or nil unless it is wholly inside the file; any
  /// integers may be asked about.
  public func range(at offset: Int, count length: Int) -> Range<Int>? {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
    return offset..<(offset + length)
  }

  private var whole: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
