import Foundation
import TestSupport
import Testing

@testable import Files

struct InputFileTests {
  private let folder: TemporaryFolder
  private let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x84, 0x05, 0x06, 0x07, 0x08, 0xC3, 0xA9]

  init() throws { folder = try TemporaryFolder() }

  private func opened() throws -> InputFile {
    try InputFile(path: try folder.write(bytes, to: "file"))
  }

  @Test func `a file's path, size and bytes are its own`() throws {
    let file = try opened()
    #expect(file.path == folder.file("file"))
    #expect(file.count == bytes.count)
    #expect(file.bytes(at: 0, count: bytes.count) == bytes)
    #expect(file.withBytes(in: 2..<5) { $0.byteCount } == 3)
  }

  @Test func `integers are little-endian and need no alignment`() throws {
    let file = try opened()
    #expect(file.integer(at: 1, as: UInt8.self) == 0x02)
    #expect(file.integer(at: 1, as: UInt16.self) == 0x0302)
    #expect(file.integer(at: 1, as: UInt32.self) == 0x0584_0302)
    #expect(file.integer(at: 1, as: UInt64.self) == 0xC308_0706_0584_0302)
    #expect(file.integer(at: 3, as: Int8.self) == -124)
    #expect(file.integers(at: 1, count: 3, as: UInt16.self) == [0x0302, 0x0584, 0x0706])
  }

  @Test(arguments: [(-1, 1), (10, 1), (11, 0), (0, 11), (9, 2), (Int.max, Int.max), (0, -1)])
  func `a range outside the file is nil`(offset: Int, count: Int) throws {
    let file = try opened()
    #expect(file.range(at: offset, count: count) == nil)
    #expect(file.bytes(at: offset, count: count) == nil)
    #expect(file.text(at: offset, count: count) == nil)
    #expect(file.integers(at: offset, count: count, as: UInt8.self) == nil)
  }

  @Test(arguments: [-1, 3, 10, Int.min, Int.max])
  func `an integer that is not wholly inside the file is nil`(offset: Int) throws {
    #expect(try opened().integer(at: offset, as: UInt64.self) == nil)
    #expect(try opened().integers(at: offset, count: .max, as: UInt64.self) == nil)
  }

  @Test func `text is UTF-8 or nil`() throws {
    let file = try opened()
    #expect(file.text(at: 8, count: 2) == "é")
    #expect(file.text(at: 8, count: 1) == nil)
    #expect(file.text(at: 8, count: 0) == "")
  }

  @Test func `an empty file has no bytes`() throws {
    let file = try InputFile(path: try folder.write([], to: "empty"))
    #expect(file.count == 0)
    #expect(file.bytes(at: 0, count: 0) == [])
    #expect(file.text(at: 0, count: 0) == "")
    #expect(file.integer(at: 0, as: UInt8.self) == nil)
    #expect(file.withBytes(in: 0..<0) { $0.byteCount } == 0)
  }

  @Test func `reads of all sizes give the file's bytes`() throws {
    var generator = SeededGenerator(seed: 7)
    let bytes = (0..<700_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    let file = try InputFile(path: try folder.write(bytes, to: "large"))
    for _ in 0..<300 {
      let start = Int.random(in: 0..<bytes.count, using: &generator)
      let largest = Bool.random(using: &generator) ? 40 : 70_000
      let count = Int.random(in: 0...largest, using: &generator)
      let range = start..<min(bytes.count, start + count)
      #expect(file.bytes(at: start, count: range.count) == Array(bytes[range]))
      let copy = file.withBytes(in: range) { span in span.withUnsafeBytes { [UInt8]($0) } }
      #expect(copy == Array(bytes[range]))
    }
    var pieces: [UInt8] = []
    file.forEachPiece { span in span.withUnsafeBytes { pieces += [UInt8]($0) } }
    #expect(pieces == bytes)
    try file.checkUnchanged()
  }

  @Test func `bytes that are gone since the file was opened are zeros, and it is said`() throws {
    let path = try folder.write([UInt8](repeating: 7, count: 500_000), to: "shrinking")
    let file = try InputFile(path: path)
    #expect(truncate(path, 100) == 0)
    let expected = Array(repeating: UInt8(7), count: 10) + Array(repeating: 0, count: 10)
    #expect(file.bytes(at: 90, count: 20) == expected)
    let last = file.withBytes(in: 400_000..<500_000) { span in span.withUnsafeBytes { Set($0) } }
    #expect(last == [0])
    let error = #expect(throws: InputFileError.self) { try file.checkUnchanged() }
    #expect(error?.description == "\(path) was changed while it was read.")
  }

  @Test func `a file that was written to since it was opened is told`() throws {
    let path = try folder.write([1, 2, 3], to: "changing")
    let file = try InputFile(path: path)
    try file.checkUnchanged()
    #expect(file.modified > 1_600_000_000)
    let stream = try #require(fopen(path, "r+"))
    fputs("x", stream)
    fclose(stream)
    // Another time than the file was made at, whatever the clock's steps.
    var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
    #expect(utimes(path, &times) == 0)
    #expect(throws: InputFileError.changed(path: path)) { try file.checkUnchanged() }
  }

  @Test func `a file that another one replaces is still the one that was opened`() throws {
    let path = try folder.write([1, 2, 3], to: "replaced")
    let file = try InputFile(path: path)
    try folder.write([4, 5, 6], to: "replaced")
    #expect(file.bytes(at: 0, count: 3) == [1, 2, 3])
    try file.checkUnchanged()
  }

  @Test func `a missing file, a folder and a device are told apart`() throws {
    let missing = folder.file("missing")
    let error = #expect(throws: InputFileError.self) { try InputFile(path: missing) }
    #expect(error?.description == "\(missing) cannot be opened: No such file or directory.")
    #expect(throws: InputFileError.isDirectory(path: folder.path)) {
      try InputFile(path: folder.path)
    }
    #expect(throws: InputFileError.notRegularFile(path: "/dev/null")) {
      try InputFile(path: "/dev/null")
    }
  }
}
