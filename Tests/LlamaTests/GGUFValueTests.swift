import Files
import Tensor
import TestSupport
import Testing

@testable import Llama

struct GGUFValueTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ value: GGUFWriter.Value) throws -> GGUFValue? {
    var writer = GGUFWriter()
    writer.metadata = [("key", value)]
    let path = try folder.write(writer.bytes(), to: "model.gguf")
    return try GGUFFile(InputFile(path: path)).metadata.values["key"]
  }

  private static let ones = [UInt8](repeating: 0xFF, count: 8)

  @Test(arguments: [
    (0, 1, GGUFValue.Elements.unsigned([255])), (1, 1, .signed([-1])), (2, 2, .unsigned([65_535])),
    (3, 2, .signed([-1])), (4, 4, .unsigned([4_294_967_295])), (5, 4, .signed([-1])),
    (10, 8, .unsigned([.max])), (11, 8, .signed([-1])),
  ])
  func `integers of every width and sign`(
    type: UInt32, size: Int, expected: GGUFValue.Elements
  ) throws {
    let found = try read(.raw(type: type, bytes: Array(Self.ones.prefix(size))))
    #expect(found == GGUFValue(expected))
  }

  @Test func `numbers, Booleans and texts`() throws {
    #expect(try read(.float32(0.1)) == GGUFValue(.real([Double(Float(0.1))])))
    #expect(
      try read(.raw(type: 12, bytes: [UInt8](littleEndian: 0.1.bitPattern)))
        == GGUFValue(.real([0.1])))
    #expect(try read(.bool(true)) == GGUFValue(.bool([true])))
    #expect(try read(.bool(false)) == GGUFValue(.bool([false])))
    #expect(try read(.text("Ġé")) == GGUFValue(.text(["Ġé"])))
    #expect(try read(.text("")) == GGUFValue(.text([""])))
  }

  /// An array's bytes: element type, count, elements.
  private static func array(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
    [UInt8](littleEndian: type) + [UInt8](littleEndian: count) + elements
  }

  @Test(arguments: [
    (array(0, 2, [1, 255]), GGUFValue.Elements.unsigned([1, 255])),
    (array(1, 2, [1, 255]), .signed([1, -1])),
    (array(2, 1, [1, 2]), .unsigned([513])),
    (array(3, 1, [254, 255]), .signed([-2])),
    (array(4, 1, [1, 0, 0, 128]), .unsigned([0x8000_0001])),
    (array(5, 1, [254, 255, 255, 255]), .signed([-2])),
    (array(6, 1, [0, 0, 128, 63]), .real([1])),
    (array(7, 2, [0, 1]), .bool([false, true])),
    (array(8, 2, GGUFWriter.text("a") + GGUFWriter.text("")), .text(["a", ""])),
    (array(10, 1, ones), .unsigned([.max])),
    (array(11, 1, ones), .signed([-1])),
    (array(12, 1, [0, 0, 0, 0, 0, 0, 240, 63]), .real([1])),
    (
      array(9, 2, array(7, 1, [1]) + array(8, 0, [])),
      .array([GGUFValue(.bool([true]), isArray: true), GGUFValue(.text([]), isArray: true)])
    ),
  ])
  func `arrays of every type`(bytes: [UInt8], expected: GGUFValue.Elements) throws {
    #expect(try read(.raw(type: 9, bytes: bytes)) == GGUFValue(expected, isArray: true))
  }

  @Test func `arrays nest four deep and no deeper`() throws {
    var bytes = Self.array(0, 1, [7])
    for _ in 0..<3 { bytes = Self.array(9, 1, bytes) }
    #expect(try read(.raw(type: 9, bytes: bytes)) != nil)
    let deeper = Self.array(9, 1, bytes)
    let expected = FileError(
      folder.file("model.gguf"), "the key key", .malformed(reason: "nests arrays more than 4 deep"))
    #expect(throws: expected) { try read(.raw(type: 9, bytes: deeper)) }
  }

  @Test(arguments: [
    (
      13, [], "the type of the key key",
      FileError.Problem.invalid(expected: "in 0 ..< 13", found: "13")
    ),
    (7, [2], "the key key", .invalid(expected: "a Boolean, 0 or 1", found: "2")),
    (
      8, [1, 0, 0, 0, 0, 0, 0, 0, 0xC3], "the key key", .malformed(reason: "is not valid UTF-8")
    ),
    (9, array(7, 1, [9]), "the key key", .invalid(expected: "a Boolean, 0 or 1", found: "9")),
  ])
  func `a value that is not of its type is refused`(
    type: UInt32, bytes: [UInt8], part: String, problem: FileError.Problem
  ) throws {
    #expect(throws: FileError(folder.file("model.gguf"), part, problem)) {
      try read(.raw(type: type, bytes: bytes))
    }
  }
}
