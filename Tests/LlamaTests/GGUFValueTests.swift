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
    (0, 1, GGUFValue.unsigned(255)), (1, 1, .signed(-1)), (2, 2, .unsigned(65_535)),
    (3, 2, .signed(-1)), (4, 4, .unsigned(4_294_967_295)), (5, 4, .signed(-1)),
    (10, 8, .unsigned(.max)), (11, 8, .signed(-1)),
  ])
  func `integers of every width and sign`(type: UInt32, size: Int, expected: GGUFValue) throws {
    #expect(try read(.raw(type: type, bytes: Array(Self.ones.prefix(size)))) == expected)
  }

  @Test func `numbers, Booleans and texts`() throws {
    #expect(try read(.float32(0.1)) == .real(Double(Float(0.1))))
    #expect(try read(.raw(type: 12, bytes: [UInt8](littleEndian: 0.1.bitPattern))) == .real(0.1))
    #expect(try read(.bool(true)) == .bool(true))
    #expect(try read(.bool(false)) == .bool(false))
    #expect(try read(.text("Ġé")) == .text("Ġé"))
    #expect(try read(.text("")) == .text(""))
  }

  /// An array's bytes: element type, count, elements.
  private static func array(_ type: UInt32, _ count: UInt64, _ elements: [UInt8]) -> [UInt8] {
    [UInt8](littleEndian: type) + [UInt8](littleEndian: count) + elements
  }

  @Test(arguments: [
    (array(0, 2, [1, 255]), GGUFValue.unsignedArray([1, 255])),
    (array(1, 2, [1, 255]), .signedArray([1, -1])),
    (array(2, 1, [1, 2]), .unsignedArray([513])),
    (array(3, 1, [254, 255]), .signedArray([-2])),
    (array(4, 1, [1, 0, 0, 128]), .unsignedArray([0x8000_0001])),
    (array(5, 1, [254, 255, 255, 255]), .signedArray([-2])),
    (array(6, 1, [0, 0, 128, 63]), .realArray([1])),
    (array(7, 2, [0, 1]), .boolArray([false, true])),
    (array(8, 2, GGUFWriter.text("a") + GGUFWriter.text("")), .textArray(["a", ""])),
    (array(10, 1, ones), .unsignedArray([.max])),
    (array(11, 1, ones), .signedArray([-1])),
    (array(12, 1, [0, 0, 0, 0, 0, 0, 240, 63]), .realArray([1])),
    (
      array(9, 2, array(7, 1, [1]) + array(8, 0, [])),
      .arrayArray([.boolArray([true]), .textArray([])])
    ),
  ])
  func `arrays of every type`(bytes: [UInt8], expected: GGUFValue) throws {
    #expect(try read(.raw(type: 9, bytes: bytes)) == expected)
  }

  @Test func `arrays nest four deep and no deeper`() throws {
    var bytes = Self.array(0, 1, [7])
    for _ in 0..<3 { bytes = Self.array(9, 1, bytes) }
    #expect(try read(.raw(type: 9, bytes: bytes)) != nil)
    let deeper = Self.array(9, 1, bytes)
    let path = folder.file("model.gguf")
    #expect(
      sentence(about: path) { try read(.raw(type: 9, bytes: deeper)) }
        == "nests the arrays of the metadata key key more than 4 deep.")
  }

  @Test(arguments: [
    (13, [], "gives the metadata key key a value of type number 13, which GGUF does not define."),
    (7, [2], "gives the metadata key key a Boolean of 2, which is neither 0 nor 1."),
    (
      8, [1, 0, 0, 0, 0, 0, 0, 0, 0xC3],
      "holds the value of the metadata key key, which is not valid UTF-8."
    ),
    (
      9, array(7, 1, [9]),
      "gives the metadata key key a Boolean of 9, which is neither 0 nor 1."
    ),
  ])
  func `a value that is not of its type is refused`(
    type: UInt32, bytes: [UInt8], expected: String
  ) throws {
    let said = sentence(about: folder.file("model.gguf")) {
      try read(.raw(type: type, bytes: bytes))
    }
    #expect(said == expected)
  }
}
