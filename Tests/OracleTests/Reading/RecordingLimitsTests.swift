import Foundation
import TestSupport
import Testing

@testable import Oracle

/// Small files that ask for much: refused before any work.
struct RecordingLimitsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file that begins with these bytes and is as long as asked; its rest is a hole.
  private func sparse(_ start: [UInt8], _ count: Int, _ name: String = "sparse") throws -> String {
    let path = try folder.write(start, to: name)
    try #require(truncate(path, off_t(count)) == 0)
    return path
  }

  @Test func `a tensor of more rows than are kept is refused where it is compared`() throws {
    let rows = RecordingLimit.rows.most + 1
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (\(rows), 1), }"
    let path = try folder.write(
      numPyBytes(header: header, data: [UInt8](repeating: 0, count: 2 * rows)), to: "a.npy")
    let recording = try Recording.open(path)
    #expect(
      sentence(about: path) { try RecordingComparer.compare(recording, recording) }
        == "the number of rows in the tensor logits is 262145, but must be at most 262144.")
  }

  @Test func `a row of more values than can be compared is refused`() throws {
    let columns = RecordingLimit.columns.most + 1
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, \(columns)), }"
    let path = try sparse(numPyBytes(header: header, data: []), 10 + header.count + 2 * columns)
    let recording = try Recording.open(path)
    #expect(
      sentence(about: path) { try RecordingComparer.compare(recording, recording) }
        == "the number of values in a row of the tensor logits is 1048577, but must be at most "
        + "1048576.")
  }

  @Test func `an answer of more tokens than are kept is refused before they are read`() throws {
    let nothing = repeatElement("0", count: RecordingLimit.rows.most + 1).joined(separator: ",")
    for fields in [#""content":[\#(nothing)]"#, #""tokens":[\#(nothing)],"token_logprobs":[]"#] {
      let path = try folder.write(#"{"choices":[{"logprobs":{\#(fields)}}]}"#, to: "answer.json")
      #expect(
        sentence(about: path) { try Recording.open(path) }
          == "the number of tokens is 262145, but must be at most 262144.")
    }
  }

  @Test(
    arguments: [
      (3, 1 << 14 + 1, "the number of chunks is 16385,"),
      (1 << 20 + 1, 1, "the number of tokens is 1048577,"),
      (1 << 20, 1, "the number of rows in a chunk is 524287,"),
    ] as [(Int32, Int32, String)])
  func `more chunks, tokens or rows of llama.cpp than are kept are refused`(
    context: Int32, chunks: Int32, words: String
  ) throws {
    let start = llamaCppBytes(
      contextLength: context, vocabularySize: 1, chunks: chunks, tokens: [], rows: [])
    let path = try sparse(start, 4 << 21)
    #expect(sentence(about: path) { try Recording.open(path) }.hasPrefix(words))
  }

  @Test func `a trace of more passes than are kept is refused`() throws {
    let passes = repeatElement(#"{"file":"a"}"#, count: RecordingLimit.passes.most + 1)
    let path = try folder.write(
      #"{"format":"lookahead-trace","schema":1,"passes":[\#(passes.joined(separator: ","))]}"#,
      to: "trace.json")
    #expect(
      sentence(about: path) { try Recording.open(folder.path) }
        == "the number of passes is 65537, but must be at most 65536.")
  }

  @Test func `a trace of more rows in all passes than are kept is refused`() throws {
    let rows = repeatElement("0", count: RecordingLimit.passRows.most).joined(separator: ",")
    let path = try folder.write(
      #"{"format":"lookahead-trace","schema":1,"passes":["#
        + #"{"file":"a","rows":[{}]},{"file":"b","rows":[\#(rows)]}]}"#,
      to: "trace.json")
    #expect(
      sentence(about: path) { try Recording.open(folder.path) }
        == "the number of rows in all passes is 1048577, but must be at most 1048576.")
  }

  @Test func `a file of more tensors than are kept is refused`() throws {
    let tensors = (0...RecordingLimit.tensors.most).map {
      SafetensorsWriter.Tensor("\($0)", shape: [0], values: [])
    }
    let path = try folder.write(SafetensorsWriter(tensors).bytes(), to: "tensors")
    #expect(
      sentence(about: path) { try Recording.open(path) }.hasPrefix(
        "the number of tensors is 16385,"))
  }

  @Test func `JSON that is too large is refused before it is read`() throws {
    let recording = try sparse([UInt8(ascii: "{")], RecordingLimit.documentBytes.most + 1)
    #expect(
      sentence(about: recording) { try Recording.open(recording) }
        == "the number of bytes of JSON is 256000001, but must be at most 256000000.")
    let trace = try sparse(
      [UInt8(ascii: "{")], RecordingLimit.documentBytes.most + 1, Trace.fileName)
    #expect(
      sentence(about: trace) { try Trace(folder: folder.path) }
        == "the number of bytes of JSON is 256000001, but must be at most 256000000.")
    let mask = try sparse([UInt8(ascii: "[")], MaskFile.documentLimit + 1)
    #expect(
      sentence(about: mask) { try MaskFile.read(mask, rows: 1, cachedCount: 0) }
        == "the size of the mask in bytes is 64000001, but must be at most 64000000 in JSON; a "
        + "safetensors file holds a larger one.")
  }
}
