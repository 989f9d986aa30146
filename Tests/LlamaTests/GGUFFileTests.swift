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

  /// Type numbers are those of `GGMLQuantizationType` in gguf-py 0.19.0.
  @Test func `tensors of every readable type load`() throws {
    let types: [(number: UInt32, format: ElementFormat)] = [
      (0, .f32), (1, .f16), (2, .q4_0), (3, .q4_1), (6, .q5_0), (7, .q5_1), (8, .q8_0),
      (10, .q2_K), (11, .q3_K), (12, .q4_K), (13, .q5_K), (14, .q6_K), (20, .iq4_NL),
      (23, .iq4_XS), (30, .bf16),
    ]
    #expect(Set(types.map(\.format.name)) == Set(ElementFormat.allCases.map(\.name)))
    var writer = GGUFWriter()
    writer.metadata = [("general.architecture", .text("llama"))]
    for (index, (number, format)) in types.enumerated() {
      let byteCount = try #require(format.byteCount(elements: 3 * 512))
      writer.tensors.append(
        GGUFWriter.Tensor(
          format.name, dimensions: [512, 3], type: number,
          bytes: [UInt8](repeating: UInt8(index + 1), count: byteCount)))
    }
    let file = try read(writer)
    #expect(file.tensors.map(\.format) == types.map(\.format))
    for (tensor, written) in zip(file.tensors, writer.tensors) {
      #expect(tensor.shape == [3, 512])
      let bytes = file.file.bytes(at: tensor.byteRange.lowerBound, count: tensor.byteRange.count)
      #expect(bytes == written.bytes)
    }
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

  private typealias Spoilt = FileMistake<GGUFWriter>

  private static func wrongAlignment(_ value: GGUFWriter.Value, found: String) -> Spoilt {
    Spoilt("the key general.alignment", .invalid(expected: "a power of two", found: found)) {
      $0.set("general.alignment", value)
    }
  }

  private static func wrongVersion(_ version: UInt32) -> Spoilt {
    Spoilt("the version of GGUF", .unsupported(found: "\(version)", supported: "2 and 3")) {
      $0.version = version
    }
  }

  private static func wrongType(_ type: UInt32, found: String) -> Spoilt {
    Spoilt(
      "the type of the tensor a",
      .unsupported(
        found: found,
        supported: "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, "
          + "IQ4_NL, IQ4_XS")
    ) { $0.tensors[0].type = type }
  }

  private static func uncountable(_ tensor: Int, _ dimensions: [UInt64]) -> Spoilt {
    Spoilt(
      "the dimensions of the tensor \(["a", "b"][tensor])",
      .invalid(expected: "sizes that can be counted", found: "\(dimensions)")
    ) { $0.tensors[tensor].dimensions = dimensions }
  }

  private static func outside(_ offset: UInt64) -> Spoilt {
    Spoilt(
      "the tensor b",
      .malformed(reason: "needs 8 bytes at offset \(offset) of the tensor data, which has 160")
    ) { $0.tensors[1].offset = offset }
  }

  private static let mistakes: [Spoilt] = [
    Spoilt(nil, .malformed(reason: "does not begin with \"GGUF\"")) {
      $0.magic = Array("GGML".utf8)
    },
    wrongVersion(1), wrongVersion(4),
    Spoilt("the byte order", .unsupported(found: "big-endian", supported: "little-endian")) {
      $0.version = 0x0300_0000
    },
    Spoilt("the key answer", .duplicate) { $0.metadata.append(("answer", .uint32(1))) },
    Spoilt("the tensor a", .duplicate) { $0.tensors[1].name = "a" },
    wrongAlignment(.uint32(0), found: "0"), wrongAlignment(.uint32(48), found: "48"),
    wrongAlignment(.text("32"), found: "\"32\""),
    Spoilt(
      "the number of dimensions of the tensor a", .invalid(expected: "at most 4", found: "5")
    ) { $0.tensors[0].dimensions = [32, 3, 1, 1, 1] },
    wrongType(16, found: "IQ2_XXS"), wrongType(99, found: "type number 99"),
    uncountable(0, [1 << 32, 1 << 32]), uncountable(0, [.max]), uncountable(1, [1 << 62]),
    // No rows, but each of them would be too large; found by the fuzzer.
    uncountable(1, [1 << 62, 0]), uncountable(1, [2, .max, 0]),
    Spoilt(
      "the row length of the tensor a",
      .invalid(expected: "a multiple of 32, the block of Q8_0", found: "48")
    ) { $0.tensors[0].dimensions = [48, 2] },
    Spoilt(
      "the offset of the tensor b",
      .invalid(expected: "a multiple of the alignment, 32", found: "130")
    ) { $0.tensors[1].offset = 130 },
    outside(1024), outside(.max - 31),
    Spoilt("the tensor b", .malformed(reason: "overlaps the tensor a")) {
      $0.tensors[1].offset = 96
    },
    Spoilt("the tensor b", .malformed(reason: "overlaps the tensor a")) {
      $0.set("general.alignment", .uint32(1))
      $0.alignment = 1
      $0.tensors[1].offset = 101
    },
  ]

  @Test(arguments: mistakes)
  private func `a mistake is named`(_ mistake: Spoilt) throws {
    let writer = mistake.made(in: Self.sample)
    mistake.expect(about: folder.file("model.gguf")) { try read(writer) }
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
    let expected = FileError(
      folder.file("model.gguf"), "the number of elements of the key second",
      .invalid(
        expected: "at most 5, since all arrays together may have 8388608", found: "6"))
    #expect(throws: expected) { try read(writer) }
  }

  @Test func `a text longer than any is refused before it is read`() throws {
    var writer = GGUFWriter()
    let count = 1 << 40
    writer.metadata = [("long", .raw(type: 8, bytes: [UInt8](littleEndian: UInt64(count))))]
    let path = try folder.write(writer.bytes(), to: "model.gguf")
    // A hole, which takes no room on the disk.
    try #require(truncate(path, off_t(2 * count)) == 0)
    let expected = FileError(
      path, "the key long",
      .invalid(expected: "at most 67108864 bytes", found: "1099511627776 bytes"))
    #expect(throws: expected) { try GGUFFile(InputFile(path: path)) }
  }

  @Test(arguments: [1 << 40, 1 << 60, UInt64.max])
  func `impossible counts are refused at once`(count: UInt64) throws {
    let path = folder.file("model.gguf")
    func expectRefusal(
      _ part: String, _ writer: GGUFWriter, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) {
        try read(writer)
      }
      #expect(error?.path == path && error?.part == part, sourceLocation: sourceLocation)
      guard case .invalid(let expected, let found)? = error?.problem else {
        Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
        return
      }
      #expect(expected.hasPrefix("at most ") && expected.hasSuffix("for which the file has room"))
      #expect(found == "\(count)", sourceLocation: sourceLocation)
    }
    var writer = Self.sample
    writer.tensorCount = count
    expectRefusal("the number of tensors", writer)
    writer.tensorCount = nil
    writer.metadataCount = count
    expectRefusal("the number of metadata entries", writer)
    writer.metadataCount = nil
    for type in 0...12 as ClosedRange<UInt32> {
      writer.set(
        "answer",
        .raw(type: 9, bytes: [UInt8](littleEndian: type) + [UInt8](littleEndian: count)))
      expectRefusal("the number of elements of the key answer", writer)
    }
    writer.set("answer", .raw(type: 8, bytes: [UInt8](littleEndian: count)))
    let error = #expect(throws: FileError.self) { try read(writer) }
    #expect(error?.path == path && error?.part == "the key answer")
    guard case .malformed(let reason)? = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.hasPrefix("needs \(count) bytes from byte "))
  }
}
