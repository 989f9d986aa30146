import Files
import Llama
import TestSupport
import Testing

/// GGUF files in parts, folders with one file, and files with a vocabulary alone.
struct GGUFPartsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes the minimal model in two parts and returns the path of the first.
  @discardableResult
  private func write(
    changing change: (_ part: Int, inout GGUFWriter) -> Void = { _, _ in }
  ) throws -> String {
    let whole = MinimalCheckpoint.gguf()
    for part in 0..<2 {
      var writer = GGUFWriter()
      writer.metadata = part == 0 ? whole.metadata : []
      writer.metadata += [
        ("split.no", .uint32(UInt32(part))), ("split.count", .uint32(2)),
        ("split.tensors.count", .uint32(UInt32(whole.tensors.count))),
      ]
      writer.tensors = Array(part == 0 ? whole.tensors[..<4] : whole.tensors[4...])
      change(part, &writer)
      try folder.write(writer.bytes(), to: "model-0000\(part + 1)-of-00002.gguf")
    }
    return folder.file("model-00001-of-00002.gguf")
  }

  @Test func `the parts of a file are one model`() throws {
    let parts = try Checkpoint.open(try write())
    let path = try folder.write(MinimalCheckpoint.gguf().bytes(), to: "whole.gguf")
    let whole = try Checkpoint.open(path)
    #expect(parts.files.count == 2)
    #expect(parts.configuration == whole.configuration)
    #expect(
      parts.tensors.mapValues { $0.decodeAll() } == whole.tensors.mapValues { $0.decodeAll() })
  }

  @Test func `another part than the first is refused`() throws {
    try write()
    let path = folder.file("model-00002-of-00002.gguf")
    let expected = FileError(
      path, "the key split.no",
      .invalid(
        expected: "0, in a file called -00001-of-00002.gguf: name the first part", found: "1"))
    #expect(throws: expected) { try Checkpoint.open(path) }
  }

  @Test func `parts that do not belong together are refused`() throws {
    let path = try write { part, writer in
      if part == 1 { writer.set("split.no", .uint32(0)) }
    }
    let second = folder.file("model-00002-of-00002.gguf")
    #expect(throws: FileError(second, "the key split.no", .invalid(expected: "1", found: "0"))) {
      try Checkpoint.open(path)
    }
    try write { part, writer in
      if part == 1 { writer.tensors.append(MinimalCheckpoint.gguf().tensors[0]) }
    }
    #expect(throws: FileError(second, "the tensor token_embd.weight", .duplicate)) {
      try Checkpoint.open(path)
    }
    try write { _, writer in writer.set("split.tensors.count", .uint32(99)) }
    #expect(throws: FileError.self) { try Checkpoint.open(path) }
  }

  @Test func `a part that is missing is named`() throws {
    try folder.write([], to: "unused")
    let whole = MinimalCheckpoint.gguf()
    var writer = whole
    writer.metadata += [("split.no", .uint32(0)), ("split.count", .uint32(2))]
    let path = try folder.write(writer.bytes(), to: "a-00001-of-00002.gguf")
    let error = #expect(throws: InputFileError.self) { try Checkpoint.open(path) }
    #expect(error?.description.contains("a-00002-of-00002.gguf cannot be opened") == true)
  }

  @Test func `a folder with one GGUF file is that model`() throws {
    try folder.write(MinimalCheckpoint.gguf().bytes(), to: "model.gguf")
    #expect(try Checkpoint.open(folder.path).format == .gguf(version: 3))
    try folder.write(MinimalCheckpoint.gguf().bytes(), to: "other.gguf")
    let error = #expect(throws: FileError.self) { try Checkpoint.open(folder.path) }
    #expect(error?.description.contains("has 2 GGUF files; name one") == true)
  }

  @Test func `a folder with the parts of one GGUF file is that model`() throws {
    try write()
    #expect(try Checkpoint.open(folder.path).tensors.count == 11)
  }

  @Test func `a vocabulary needs no model`() throws {
    var writer = MinimalCheckpoint.gguf()
    writer.tensors = []
    writer.metadata.removeAll { $0.key.hasPrefix("llama.") }
    writer.set("tokenizer.ggml.tokens", .texts(["t", "0", "t0", "a", "b", "c"]))
    writer.set("tokenizer.ggml.merges", .texts(["t 0"]))
    let path = try folder.write(writer.bytes(), to: "vocabulary.gguf")
    #expect(throws: FileError.self) { try Checkpoint.open(path) }
    let tokenizer = try TextFiles.open(path).tokenizerSource.makeTokenizer()
    #expect(tokenizer?.vocabularySize == 6)
  }
}
