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

  private typealias Spoilt = FileMistake<SafetensorsWriter>

  private static func uncountable(_ shape: [Int]) -> Spoilt {
    Spoilt(
      "the shape of the tensor a",
      .invalid(expected: "sizes that can be counted", found: "\(shape)")
    ) { $0.tensors[0].shape = shape }
  }

  private static func wrongSize(
    _ tensor: String, _ found: Int, expected: Int,
    make: @escaping @Sendable (inout SafetensorsWriter) -> Void
  ) -> Spoilt {
    Spoilt(
      "the size of the tensor \(tensor)",
      .invalid(expected: "\(expected) bytes, by its shape and type", found: "\(found) bytes"),
      make: make)
  }

  private static func notContiguous(_ offsets: [Int]) -> Spoilt {
    Spoilt(
      "the offset of the tensor b",
      .invalid(expected: "24, where the tensor before it ends", found: "\(offsets[0])")
    ) { $0.tensors[1].offsets = offsets }
  }

  private static func outside(_ offsets: [Int]) -> Spoilt {
    Spoilt(
      "data_offsets of the tensor b",
      .invalid(expected: "a range within the 34 bytes of tensor data", found: "\(offsets)")
    ) { $0.tensors[1].offsets = offsets }
  }

  private static func wrongHeader(
    _ header: String, _ part: String, _ problem: FileError.Problem
  ) -> Spoilt {
    Spoilt(part, problem) { $0.header = header }
  }

  private static let mistakes: [Spoilt] = [
    uncountable([-2, -3]), uncountable([1 << 32, 1 << 32]), uncountable([1 << 62]),
    uncountable([0, 1 << 62]),
    wrongSize("a", 24, expected: 20) { $0.tensors[0].shape = [5] },
    wrongSize("b", 6, expected: 12) { $0.tensors[1].elementType = "F32" },
    notContiguous([22, 28]), notContiguous([25, 31]),
    Spoilt(nil, .malformed(reason: "has 2 bytes after its last tensor")) { $0.trailing = [0, 0] },
    outside([24, 35]), outside([30, 24]), outside([-6, 0]), outside([24]),
    Spoilt("the tensor a", .duplicate) { $0.tensors[1].name = "a" },
    Spoilt(
      "the header",
      .invalid(expected: "at most 100000000 bytes", found: "18446744073709551615 bytes")
    ) { $0.headerSize = .max },
    Spoilt(
      "the header", .malformed(reason: "ends at byte 100000007, but the file has 377 bytes")
    ) { $0.headerSize = 99_999_999 },
    wrongHeader(
      "{", "the JSON at byte 1", .malformed(reason: "is malformed: \"\"\" is missing")),
    wrongHeader(
      "[]", "the top-level value",
      .invalid(expected: "an object", found: "an array of 0 elements")),
    wrongHeader(#"{"a": 1}"#, "the field a", .invalid(expected: "an object", found: "1")),
    wrongHeader(#"{"a": {}}"#, "the field a.dtype", .missing),
    wrongHeader(
      #"{"a": {"dtype": "F32", "shape": 3, "data_offsets": [0, 12]}}"#, "the field a.shape",
      .invalid(expected: "an array", found: "3")),
    wrongHeader(
      #"{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 12]}}"#,
      "the field a.shape[0]", .invalid(expected: "an integer", found: "1.5")),
    wrongHeader(
      String(repeating: #"{"a":"#, count: 100_000), "the JSON at byte 640",
      .malformed(reason: "is malformed: nesting is too deep")),
  ]

  @Test(arguments: mistakes)
  private func `a mistake is named`(_ mistake: Spoilt) throws {
    let writer = mistake.made(in: Self.sample)
    mistake.expect(about: folder.file("model.safetensors")) { try read(writer) }
  }

  @Test(arguments: 0...7)
  func `a file too short for the header's size is refused`(count: Int) throws {
    let path = try folder.write([UInt8](repeating: 0, count: count), to: "short")
    let expected = FileError(
      path, "the header", .malformed(reason: "ends at byte 8, but the file has \(count) bytes"))
    #expect(throws: expected) { try SafetensorsFile(InputFile(path: path)) }
  }
}
