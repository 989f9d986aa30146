import Tensor
import TestSupport
import Testing

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
