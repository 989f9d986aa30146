import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct OutputFileTests {
  @Test("A file holds what was written, in order, small pieces and large ones, little-endian")
  func content() throws {
    let folder = try TemporaryFolder()
    let file = try OutputFile(creating: folder.file("x"))
    let large = [UInt8](repeating: 7, count: 3 << 20)
    try file.write("ab")
    try file.write([Float(1)])
    try file.write([UInt8](repeating: 1, count: 600_000))
    try file.write([UInt8](repeating: 2, count: 600_000))
    try file.write(large)
    try file.write([1.0])
    try file.write("z")
    try file.close()
    let expected =
      [0x61, 0x62, 0, 0, 0x80, 0x3F] + [UInt8](repeating: 1, count: 600_000)
      + [UInt8](repeating: 2, count: 600_000) + large + [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x7A]
    let found = try Data(contentsOf: URL(fileURLWithPath: folder.file("x")))
    #expect(Array(found) == expected)
    #expect(file.count == expected.count)
  }

  @Test("A file that is there is not overwritten, and a folder that is not there not made")
  func refused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("old", to: "x")
    #expect(
      sentence(about: path) { try OutputFile(creating: path) }
        == "cannot be written: File exists.")
    let nowhere = folder.file("no/x")
    #expect(
      sentence(about: nowhere) { try OutputFile(creating: nowhere) }
        == "cannot be written: No such file or directory.")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }
}
