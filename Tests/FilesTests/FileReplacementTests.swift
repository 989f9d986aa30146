import Foundation
import TestSupport
import Testing

@testable import Files

struct FileReplacementTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func `a file is made, and then replaced, with its permissions`() throws {
    let path = folder.file("file")
    try OutputFile.replace(path, with: [1, 2, 3])
    #expect(chmod(path, 0o640) == 0)
    let old = try InputFile(path: path)
    try OutputFile.replace(path, with: [4, 5])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([4, 5]))
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    // Whoever had the old file open still has all of it.
    #expect(old.bytes(at: 0, count: 3) == [1, 2, 3])
    #expect(try names() == ["file"])
  }

  @Test func `a link stays one, and the file behind it is replaced`() throws {
    let path = try folder.write([1], to: "file")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: path)
    try OutputFile.replace(folder.file("link"), with: [2])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([2]))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == path)
  }

  @Test func `a folder that is not there is said`() throws {
    let path = folder.file("nowhere/file")
    let error = #expect(throws: OutputFileError.self) { try OutputFile.replace(path, with: [1]) }
    #expect(error?.description == "\(path) cannot be written: No such file or directory.")
  }

  @Test func `a file that cannot be replaced stays as it is, and nothing beside it`() throws {
    let path = folder.file("folder")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: OutputFileError.self) { try OutputFile.replace(path, with: [1]) }
    #expect(try names() == ["folder"])
  }

  #if os(Linux)
    @Test func `a device is written to and not replaced`() throws {
      try OutputFile.replace("/dev/null", with: [1, 2, 3])
      var status = stat()
      #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
      let error = #expect(throws: OutputFileError.self) {
        try OutputFile.replace("/dev/full", with: [1])
      }
      #expect(error?.description == "/dev/full cannot be written: No space left on device.")
    }
  #endif
}
