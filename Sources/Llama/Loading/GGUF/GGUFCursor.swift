import Files

/// Reads the header of a GGUF file from front to back.
///
/// Every length is checked against the file's size before anything of that length is made, so a
/// header that lies costs neither memory nor time.
struct GGUFCursor {
  let file: InputFile
  /// Where the next read begins.
  private(set) var offset = 0
  /// How many elements the arrays of the metadata may still have.
  private var elementsLeft = Self.elementLimit

  /// The most elements of all arrays of the metadata together: some 4 for each token of the largest
  /// vocabulary. Numbers are widened, so that a file could ask for eight times its own size.
  static let elementLimit = 1 << 23
  /// The most bytes of a text; a tokenizer.json is the longest that writers put there.
  static let textLimit = 1 << 26

  init(_ file: InputFile) { self.file = file }

  /// Reads a little-endian integer.
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type = T.self, of part: @autoclosure () -> String
  ) throws(FileError) -> T {
    guard let value = file.integer(at: offset, as: type) else {
      throw truncated(part(), needed: UInt64(MemoryLayout<T>.size))
    }
    offset += MemoryLayout<T>.size
    return value
  }

  /// Reads `count` little-endian integers; the caller has checked that `count` is possible.
  mutating func integers<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ count: Int, of part: @autoclosure () -> String
  ) throws(FileError) -> [T] {
    guard let values = file.integers(at: offset, count: count, as: type) else {
      throw truncated(part(), needed: UInt64(count) * UInt64(MemoryLayout<T>.size))
    }
    offset += count * MemoryLayout<T>.size
    return values
  }

  /// Reads a text: its length as a 64-bit integer, then that many bytes of UTF-8.
  mutating func text(of part: @autoclosure () -> String) throws(FileError) -> String {
    let length: UInt64 = try integer(of: part())
    guard let count = Int(exactly: length), let range = file.range(at: offset, count: count) else {
      throw truncated(part(), needed: length)
    }
    guard count <= Self.textLimit else {
      throw error(
        part(), .invalid(expected: "at most \(Self.textLimit) bytes", found: "\(count) bytes"))
    }
    guard let text = file.text(at: offset, count: count) else {
      throw error(part(), .malformed(reason: "is not valid UTF-8"))
    }
    offset = range.upperBound
    return text
  }

  /// Reads how many of something follow, each of which takes `minimumSize` bytes or more.
  mutating func count(
    of part: @autoclosure () -> String, minimumSize: Int
  ) throws(FileError) -> Int {
    let announced: UInt64 = try integer(of: "the number of \(part())")
    let possible = (file.count - offset) / minimumSize
    guard let count = Int(exactly: announced), count <= possible else {
      throw error(
        "the number of \(part())",
        .invalid(
          expected: "at most \(possible), for which the file has room", found: "\(announced)"))
    }
    return count
  }

  /// Reads how many elements an array of the metadata has, each of `minimumSize` bytes or more.
  mutating func elementCount(of key: String, minimumSize: Int) throws(FileError) -> Int {
    let count = try count(of: "elements of the key \(key)", minimumSize: minimumSize)
    guard count <= elementsLeft else {
      throw error(
        "the number of elements of the key \(key)",
        .invalid(
          expected: "at most \(elementsLeft), since all arrays together may have "
            + "\(Self.elementLimit)", found: "\(count)"))
    }
    elementsLeft -= count
    return count
  }

  func error(_ part: String?, _ problem: FileError.Problem) -> FileError {
    FileError(file.path, part, problem)
  }

  private func truncated(_ part: String, needed: UInt64) -> FileError {
    error(
      part,
      .malformed(
        reason: "needs \(needed) bytes from byte \(offset) on, but the file has \(file.count)"))
  }
}
