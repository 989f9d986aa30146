import Files
import Foundation
import Llama
import TestSupport
import Testing

/// Models in several shards with an index.
struct SafetensorsWeightsTests {
  private let folder: TemporaryFolder
  private static let names = WeightName.all(in: MinimalCheckpoint.configuration).map {
    $0.huggingFace(in: MinimalCheckpoint.configuration)
  }
  private static let indexName = "model.safetensors.index.json"

  /// Writes the minimal model in two shards, the second from the sixth tensor on.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write(MinimalCheckpoint.json(MinimalCheckpoint.config), to: "config.json")
    let tensors = MinimalCheckpoint.safetensors().tensors
    try folder.write(SafetensorsWriter(Array(tensors[..<5])).bytes(), to: "one.safetensors")
    try folder.write(SafetensorsWriter(Array(tensors[5...])).bytes(), to: "two.safetensors")
    try writeIndex(Self.shards)
  }

  private static let shards = Dictionary(
    uniqueKeysWithValues: names.enumerated().map {
      ($0.element, $0.offset < 5 ? "one.safetensors" : "two.safetensors")
    })

  private func writeIndex(_ shards: [String: String]) throws {
    let map = MinimalCheckpoint.json(shards.mapValues { "\"\($0)\"" })
    try folder.write(#"{"metadata": {"total_size": 1}, "weight_map": \#(map)}"#, to: Self.indexName)
  }

  /// Expects an error about the index, changed so.
  private func expect(
    _ part: String, _ problem: FileError.Problem, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout [String: String]) -> Void = { _ in }
  ) throws {
    var shards = Self.shards
    change(&shards)
    try writeIndex(shards)
    let expected = FileError(folder.file(Self.indexName), part, problem)
    #expect(throws: expected, sourceLocation: sourceLocation) { try Checkpoint.open(folder.path) }
  }

  @Test func `tensors are found in their shards`() throws {
    let checkpoint = try Checkpoint.open(folder.path)
    #expect(
      checkpoint.files.map(\.path) == ["one", "two"].map { folder.file("\($0).safetensors") })
    for name in WeightName.all(in: checkpoint.configuration) {
      #expect(
        checkpoint.tensors[name.huggingFace(in: checkpoint.configuration)]?.decodeAll()
          == MinimalCheckpoint.values(name))
    }
  }

  @Test func `a single file is preferred to an index`() throws {
    try folder.write(MinimalCheckpoint.safetensors().bytes(), to: "model.safetensors")
    #expect(try Checkpoint.open(folder.path).files.count == 1)
  }

  @Test func `a missing shard is named with the index`() throws {
    try FileManager.default.removeItem(atPath: folder.file("two.safetensors"))
    try expect("the shard two.safetensors", .missing)
  }

  private static let notPlain = FileError.Problem.malformed(
    reason: "is not the plain name of a file beside the index")

  @Test(arguments: ["../one.safetensors", "/etc/passwd", "a/../one.safetensors", "..", ".", ""])
  func `a shard outside the folder is refused`(shard: String) throws {
    try expect("the shard \(shard)", Self.notPlain) { $0["model.norm.weight"] = shard }
  }

  /// Its name would stand in a message of the system as it is; the first was found by the fuzzer.
  @Test(arguments: [String(repeating: "p", count: 256), "two\u{7F}.safetensors", "owt\u{202E}"])
  func `a shard that no file is called is refused before it is opened`(shard: String) throws {
    let map = MinimalCheckpoint.json(["model.norm.weight": "\"\(shard)\""])
    try folder.write("{\"weight_map\": \(map)}", to: "model.safetensors.index.json")
    let said = sentence(about: folder.file("model.safetensors.index.json")) {
      try Checkpoint.open(folder.path)
    }
    #expect(said.hasSuffix("is not the plain name of a file beside the index."), "\(said)")
    #expect(!said.unicodeScalars.contains { $0.properties.isBidiControl || $0 == "\u{7F}" })
  }

  @Test func `an index that disagrees with the shards is refused`() throws {
    try expect(
      "the tensor extra", .malformed(reason: "is not in one.safetensors, where the index places it")
    ) { $0["extra"] = "one.safetensors" }
    try expect(
      "the tensor model.norm.weight",
      .malformed(reason: "is in two.safetensors, where the index does not place it")
    ) { $0["model.norm.weight"] = nil }
    try expect(
      "the tensor model.norm.weight",
      .malformed(reason: "is not in one.safetensors, where the index places it")
    ) { $0["model.norm.weight"] = "one.safetensors" }
    try expect("the tensor model.embed_tokens.weight", .missing) { $0 = [:] }
  }

  @Test func `an index without a weight map is refused`() throws {
    try folder.write("{}", to: Self.indexName)
    let expected = FileError(folder.file(Self.indexName), "the field weight_map", .missing)
    #expect(throws: expected) { try Checkpoint.open(folder.path) }
  }
}
