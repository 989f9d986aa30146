import Files
import Foundation
import Tensor
import TestSupport
import Testing

@testable import Llama

struct GGUFFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ writer: GGUFWriter) throws -> GGUFFile {
    try GGUFFile(InputFile(path: folder.write(writer.bytes(), to: "model.gguf")))
  }

  private static let sample: GGUFWriter = {
    var writer = GGUFWriter()
    writer.metadata = [("general.architecture", .text("llama")), ("answer", .uint32(42))]
    writer.tensors = [
      GGUFWriter.Tensor(
        "a", dimensions: [32, 3], type: 8, bytes: [UInt8](repeating: 1, count: 102)),
      GGUFWriter.Tensor("b", dimensions: [2], type: 0, bytes: [UInt8](repeating: 0, count: 8)),
    ]
    return writer
  }()

  @Test(arguments: [2, 3])
  func `the directory gives shapes rows first, and places in the file`(version: UInt32) throws {
    var writer = Self.sample
    writer.version = version
    let file = try read(writer)
    #expect(file.version == Int(version))
    #expect(file.tensors.map(\.name) == ["a", "b"])
    #expect(file.tensors.map(\.shape) == [[3, 32], [2]])
    #expect(file.tensors.map(\.format) == [.q8_0, .f32])
    let bytes = file.tensors.compactMap {
      file.file.bytes(at: $0.byteRange.lowerBound, count: $0.byteRange.count)
    }
    #expect(bytes == writer.tensors.map(\.bytes))
  }

  @Test(arguments: [1, 8, 32, 64, 4096])
  func `data starts at a multiple of the stated alignment`(alignment: Int) throws {
    var writer = Self.sample
    writer.alignment = alignment
    writer.set("general.alignment", .uint32(UInt32(alignment)))
    for tensor in try read(writer).tensors {
      #expect(tensor.byteRange.lowerBound.isMultiple(of: alignment))
    }
  }

  private static let mistakes: [Mistake<GGUFWriter>] = [
    Mistake(#"is not a GGUF file: it does not begin with "GGUF"."#) {
      $0.magic = Array("GGML".utf8)
    },
    Mistake("has version 1 of the GGUF format; versions 2 and 3 can be read.") { $0.version = 1 },
    Mistake("has version 4 of the GGUF format; versions 2 and 3 can be read.") { $0.version = 4 },
    Mistake("is a big-endian GGUF file; only little-endian files can be read.") {
      $0.version = 0x0300_0000
    },
    Mistake("is one of 3 parts of a split GGUF file; merge them into one file first.") {
      $0.set("split.count", .raw(type: 2, bytes: [3, 0]))
    },
    Mistake("has the metadata key answer twice.") { $0.metadata.append(("answer", .uint32(1))) },
    Mistake("has the tensor a twice.") { $0.tensors[1].name = "a" },
    Mistake("gives general.alignment as 0, where a power of two is needed.") {
      $0.set("general.alignment", .uint32(0))
    },
    Mistake("gives general.alignment as 48, where a power of two is needed.") {
      $0.set("general.alignment", .uint32(48))
    },
    Mistake("gives general.alignment as a text, where a power of two is needed.") {
      $0.set("general.alignment", .text("32"))
    },
    Mistake("gives the tensor a 5 dimensions, where at most 4 are allowed.") {
      $0.tensors[0].dimensions = [32, 3, 1, 1, 1]
    },
    Mistake("stores the tensor a as Q2_K, which is not supported.") { $0.tensors[0].type = 10 },
    Mistake("stores the tensor a as type number 99, which is not supported.") {
      $0.tensors[0].type = 99
    },
    Mistake("gives the tensor a the impossible dimensions [4294967296, 4294967296].") {
      $0.tensors[0].dimensions = [1 << 32, 1 << 32]
    },
    Mistake("gives the tensor a the impossible dimensions [18446744073709551615].") {
      $0.tensors[0].dimensions = [.max]
    },
    Mistake("gives the tensor b the impossible dimensions [4611686018427387904].") {
      $0.tensors[1].dimensions = [1 << 62]
    },
    // No rows, but each of them would be too large; found by the fuzzer.
    Mistake("gives the tensor b the impossible dimensions [4611686018427387904, 0].") {
      $0.tensors[1].dimensions = [1 << 62, 0]
    },
    Mistake(
      "gives the tensor a rows of 48 elements, which are not whole blocks of 32 as Q8_0 needs."
    ) { $0.tensors[0].dimensions = [48, 2] },
    Mistake("puts the tensor b at offset 130, which is not a multiple of the alignment 32.") {
      $0.tensors[1].offset = 130
    },
    Mistake(
      "puts the 8 bytes of the tensor b at offset 1024, but has only 160 bytes of tensor data."
    ) { $0.tensors[1].offset = 1024 },
    Mistake(
      "puts the 8 bytes of the tensor b at offset 18446744073709551584, but has only 160 bytes "
        + "of tensor data."
    ) { $0.tensors[1].offset = .max - 31 },
    Mistake("gives the tensors a and b the same bytes.") { $0.tensors[1].offset = 96 },
    Mistake("gives the tensors a and b the same bytes.") {
      $0.set("general.alignment", .uint32(1))
      $0.alignment = 1
      $0.tensors[1].offset = 101
    },
  ]

  @Test(arguments: mistakes)
  func `a mistake is named`(_ mistake: Mistake<GGUFWriter>) throws {
    let writer = mistake.made(in: Self.sample)
    let said = sentence(about: folder.file("model.gguf")) { try read(writer) }
    #expect(said == mistake.sentence)
  }

  /// Numbers are widened: a long array of bytes, or many short ones, would take eight times its size.
  @Test func `more elements than any vocabulary needs are refused`() throws {
    func bytes(_ count: Int) -> GGUFWriter.Value {
      .raw(
        type: 9,
        bytes: [UInt8](littleEndian: UInt32(0)) + [UInt8](littleEndian: UInt64(count))
          + [UInt8](repeating: 0, count: count))
    }
    var writer = Self.sample
    writer.set("first", bytes(GGUFCursor.elementLimit - 5))
    writer.set("second", bytes(5))
    _ = try read(writer)
    writer.set("second", bytes(6))
    #expect(
      sentence(about: folder.file("model.gguf")) { try read(writer) }
        == "has 6 elements in the metadata key second, where all arrays together may have 8388608.")
  }

  @Test func `a text longer than any is refused before it is read`() throws {
    var writer = GGUFWriter()
    let count = 1 << 40
    writer.metadata = [("long", .raw(type: 8, bytes: [UInt8](littleEndian: UInt64(count))))]
    let path = try folder.write(writer.bytes(), to: "model.gguf")
    // A hole, which takes no room on the disk.
    try #require(truncate(path, off_t(2 * count)) == 0)
    #expect(
      sentence(about: path) { try GGUFFile(InputFile(path: path)) }
        == "holds the value of the metadata key long, a text of 1099511627776 bytes, where 67108864 "
        + "are read at the most.")
  }

  @Test(arguments: [1 << 40, 1 << 60, UInt64.max])
  func `impossible counts are refused at once`(count: UInt64) throws {
    let path = folder.file("model.gguf")
    var writer = Self.sample
    writer.tensorCount = count
    #expect(sentence(about: path) { try read(writer) }.hasPrefix("announces \(count) tensors, but"))
    writer.tensorCount = nil
    writer.metadataCount = count
    #expect(
      sentence(about: path) { try read(writer) }
        .hasPrefix("announces \(count) metadata entries, but"))
    writer.metadataCount = nil
    for type in 0...12 as ClosedRange<UInt32> {
      writer.set(
        "answer",
        .raw(type: 9, bytes: [UInt8](littleEndian: type) + [UInt8](littleEndian: count)))
      #expect(
        sentence(about: path) { try read(writer) }
          .hasPrefix("announces \(count) elements in the metadata key answer, but"))
    }
    writer.set("answer", .raw(type: 8, bytes: [UInt8](littleEndian: count)))
    #expect(
      sentence(about: path) { try read(writer) }
        .hasPrefix("ends inside the value of the metadata key answer: \(count) bytes are needed"))
  }
}
