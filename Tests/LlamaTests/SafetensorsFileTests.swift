import Files
import Tensor
import TestSupport
import Testing

@testable import Llama

struct SafetensorsFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ writer: SafetensorsWriter) throws -> SafetensorsFile {
    try SafetensorsFile(InputFile(path: folder.write(writer.bytes(), to: "model.safetensors")))
  }

  private static let sample = SafetensorsWriter([
    .init("a", shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
    .init("b", elementType: "BF16", shape: [3], bytes: [1, 2, 3, 4, 5, 6]),
    .init("empty", elementType: "I64", shape: [0, 9], bytes: []),
    .init("scalar", elementType: "F8_E4M3", shape: [], bytes: [1]),
    .init("strange", elementType: "X9", shape: [7], bytes: [1, 2, 3]),
  ])

  @Test func `the header gives types, shapes and places in the file`() throws {
    let file = try read(Self.sample)
    #expect(file.tensors.map(\.name) == ["a", "b", "empty", "scalar", "strange"])
    #expect(file.tensors.map(\.elementType) == ["F32", "BF16", "I64", "F8_E4M3", "X9"])
    #expect(file.tensors.map(\.shape) == [[2, 3], [3], [0, 9], [], [7]])
    let bytes = file.tensors.compactMap {
      file.file.bytes(at: $0.byteRange.lowerBound, count: $0.byteRange.count)
    }
    #expect(bytes == Self.sample.tensors.map(\.bytes))
  }

  @Test func `a file may hold no tensors`() throws {
    #expect(try read(SafetensorsWriter()).tensors.isEmpty)
    var writer = SafetensorsWriter()
    writer.header = "{}  "
    #expect(try read(writer).tensors.isEmpty)
  }

  private static let mistakes: [Mistake<SafetensorsWriter>] = [
    Mistake("gives the tensor a the impossible shape [-2, -3].") {
      $0.tensors[0].shape = [-2, -3]
    },
    Mistake("gives the tensor a the impossible shape [4294967296, 4294967296].") {
      $0.tensors[0].shape = [1 << 32, 1 << 32]
    },
    Mistake("gives the tensor a the impossible shape [4611686018427387904].") {
      $0.tensors[0].shape = [1 << 62]
    },
    Mistake("gives the tensor a the impossible shape [0, 4611686018427387904].") {
      $0.tensors[0].shape = [0, 1 << 62]
    },
    Mistake("gives the tensor a 24 bytes, where its shape and type need 20.") {
      $0.tensors[0].shape = [5]
    },
    Mistake("gives the tensor b 6 bytes, where its shape and type need 12.") {
      $0.tensors[1].elementType = "F32"
    },
    Mistake("starts the tensor b at offset 22, where the one before it ends at 24.") {
      $0.tensors[1].offsets = [22, 28]
    },
    Mistake("starts the tensor b at offset 25, where the one before it ends at 24.") {
      $0.tensors[1].offsets = [25, 31]
    },
    Mistake("has 2 bytes after its last tensor.") { $0.trailing = [0, 0] },
    Mistake(
      "puts the tensor b at the offsets [24, 35], which is not a range within its 34 bytes of "
        + "tensor data."
    ) { $0.tensors[1].offsets = [24, 35] },
    Mistake(
      "puts the tensor b at the offsets [30, 24], which is not a range within its 34 bytes of "
        + "tensor data."
    ) { $0.tensors[1].offsets = [30, 24] },
    Mistake(
      "puts the tensor b at the offsets [-6, 0], which is not a range within its 34 bytes of "
        + "tensor data."
    ) { $0.tensors[1].offsets = [-6, 0] },
    Mistake(
      "puts the tensor b at the offsets [24], which is not a range within its 34 bytes of "
        + "tensor data."
    ) { $0.tensors[1].offsets = [24] },
    Mistake(
      "announces a header of 18446744073709551615 bytes, where safetensors allows 100000000."
    ) { $0.headerSize = .max },
    Mistake("announces a header of 99999999 bytes, but the file has 377 in all.") {
      $0.headerSize = 99_999_999
    },
    Mistake(
      "has a header that is not a safetensors header: the text is not well-formed JSON."
    ) { $0.header = "{" },
    Mistake("has a header that is not a safetensors header: it is not an object.") {
      $0.header = "[]"
    },
    Mistake("has a header that is not a safetensors header: the key a.dtype is missing.") {
      $0.header = #"{"a": {}}"#
    },
    Mistake(
      "has a header that is not a safetensors header: a.shape is a value of another type, where "
        + "a list is needed."
    ) { $0.header = #"{"a": {"dtype": "F32", "shape": 3, "data_offsets": [0, 12]}}"# },
    Mistake(
      "has a header that is not a safetensors header: a.shape is a value of another type, where "
        + "a list of integers is needed."
    ) { $0.header = #"{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 12]}}"# },
    Mistake(
      "has a header that is not a safetensors header: the text is not well-formed JSON."
    ) { $0.header = String(repeating: #"{"a":"#, count: 100_000) },
  ]

  @Test(arguments: mistakes)
  func `a mistake is named`(_ mistake: Mistake<SafetensorsWriter>) throws {
    let writer = mistake.made(in: Self.sample)
    let said = sentence(about: folder.file("model.safetensors")) { try read(writer) }
    #expect(said == mistake.sentence)
  }

  @Test(arguments: 0...7)
  func `a file too short for the header's size is refused`(count: Int) throws {
    let path = try folder.write([UInt8](repeating: 0, count: count), to: "short")
    let said = sentence(about: path) { try SafetensorsFile(InputFile(path: path)) }
    #expect(said == "announces a header of 8 bytes, but the file has \(count) in all.")
  }
}
