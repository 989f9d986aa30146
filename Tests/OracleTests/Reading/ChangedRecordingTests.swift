import Files
import Foundation
import Tensor
import TestSupport
import Testing

@testable import Oracle

/// Recordings that are cut short or written to after they were opened: never a verdict on zeros.
struct ChangedRecordingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func safetensors(_ name: String) throws -> String {
    let tensor = SafetensorsWriter.Tensor(
      "logits", shape: [2, 4], values: [1, 2, 3, 4, 5, 6, 7, 8])
    return try folder.write(SafetensorsWriter([tensor]).bytes(), to: name)
  }

  @Test func `safetensors`() throws {
    let (a, b) = (try safetensors("a"), try safetensors("b"))
    let recordings = (try Recording.open(a), try Recording.open(b))
    let size = try Data(contentsOf: URL(fileURLWithPath: b)).count
    #expect(truncate(b, off_t(size - 16)) == 0)
    #expect(throws: InputFileError.changed(path: b)) {
      try RecordingComparer.compare(recordings.0, recordings.1)
    }
  }

  @Test func `a pass whose file is opened when its row is read`() throws {
    let path = try safetensors("pass")
    let tensor = try #require(try SafetensorsTensors.read(InputFile(path: path)).first)
    var rows = SelectedRows(columnCount: 4)
    #expect(rows.append(1, of: tensor) && !rows.append(2, of: tensor) && rows.count == 1)
    try folder.write("another file", to: "pass")
    #expect(throws: InputFileError.changed(path: path)) { try rows.row(0) }
  }

  @Test func `llama.cpp's logits`() throws {
    let bytes = llamaCppBytes(
      contextLength: 4, vocabularySize: 4, chunks: 1, tokens: [1, 2, 3, 0],
      rows: [(0x1p-13, -4, [1, 2, 3, 4])])
    let path = try folder.write(bytes, to: "logits")
    let recording = try Recording.open(path)
    #expect(truncate(path, off_t(bytes.count - 4)) == 0)
    #expect(throws: InputFileError.changed(path: path)) {
      try RecordingComparer.compare(recording, recording)
    }
  }
}
