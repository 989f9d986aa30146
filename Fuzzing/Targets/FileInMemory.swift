import Files
import Glibc
import Synchronization
import Tensor

/// A file in memory that is given new contents for every input: readers open files, and a file system
/// would take longer than they do.
final class FileInMemory: Sendable {
  private let descriptor: CInt
  /// Where readers find it.
  let path: String
  /// A name for each: it must be taken by no other until it is unlinked.
  private static let made = Atomic(0)

  init() {
    let number = Self.made.add(1, ordering: .relaxed).newValue
    let name = "/lookahead-fuzz-\(getpid())-\(number)"
    descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    shm_unlink(name)
    precondition(descriptor >= 0, "no file in memory: \(String(cString: strerror(errno)))")
    path = "/proc/self/fd/\(descriptor)"
  }

  /// Replaces the contents.
  func write(_ bytes: [UInt8]) {
    precondition(ftruncate(descriptor, off_t(bytes.count)) == 0)
    let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    precondition(written == bytes.count, "\(written) of \(bytes.count) bytes written")
  }

  /// The file with these contents, open.
  func opened(_ bytes: [UInt8]) throws -> InputFile {
    write(bytes)
    return try InputFile(path: path)
  }
}
