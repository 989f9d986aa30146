import Files
import Foundation
import Llama
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
    let rows = RecordingLimits.rows + 1
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (\(rows), 1), }"
    let path = try folder.write(
      numPyBytes(header: header, data: [UInt8](repeating: 0, count: 2 * rows)), to: "a.npy")
    let recording = try Recording.open(path)
    #expect(
      sentence(about: path) { try RecordingComparer.compare(recording, recording) }
        == "has 262145 rows in the tensor logits, where no more than 262144 are compared.")
  }

  @Test func `a row of more values than can be compared is refused`() throws {
    let columns = RecordingLimits.columns + 1
    let header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, \(columns)), }"
    let path = try sparse(numPyBytes(header: header, data: []), 10 + header.count + 2 * columns)
    let recording = try Recording.open(path)
    #expect(
      sentence(about: path) { try RecordingComparer.compare(recording, recording) }
        == "has 1048577 values in a row of the tensor logits, where no more than 1048576 are "
        + "compared.")
  }

  @Test func `an answer of more tokens than are kept is refused before they are read`() throws {
    let nothing = repeatElement("0", count: RecordingLimits.rows + 1).joined(separator: ",")
    for fields in [#""content":[\#(nothing)]"#, #""tokens":[\#(nothing)],"token_logprobs":[]"#] {
      let path = try folder.write(#"{"choices":[{"logprobs":{\#(fields)}}]}"#, to: "answer.json")
      #expect(
        sentence(about: path) { try Recording.open(path) }
          == "has 262145 tokens, where no more than 262144 are compared.")
    }
  }

  @Test func `JSON of more values than can be held is refused in one sentence`() throws {
    let path = "trace.json"
    let error = FileError(path, "the number of values", .invalid(expected: "at most 1", found: "2"))
    #expect(
      throws: RecordingError.malformed(
        path: path, kind: .trace, reason: "the number of values is 2, but must be at most 1")
    ) {
      try RecordingError.reading(.trace) { () throws(FileError) in throw error }
    }
  }

  @Test(
    arguments: [
      (3, 1 << 14 + 1, "has 16385 chunks"), (1 << 20 + 1, 1, "has 1048577 tokens"),
      (1 << 20, 1, "has 524287 rows in a chunk"),
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
    let passes = repeatElement(#"{"file":"a"}"#, count: RecordingLimits.passes + 1)
    let path = try folder.write(
      #"{"format":"lookahead-trace","schema":1,"passes":[\#(passes.joined(separator: ","))]}"#,
      to: "trace.json")
    #expect(
      sentence(about: path) { try Recording.open(folder.path) }
        == "has 65537 passes, where no more than 65536 are compared.")
  }

  @Test func `a trace of more rows in all passes than are kept is refused`() throws {
    let rows = repeatElement("0", count: RecordingLimits.passRows).joined(separator: ",")
    let path = try folder.write(
      #"{"format":"lookahead-trace","schema":1,"passes":["#
        + #"{"file":"a","rows":[{}]},{"file":"b","rows":[\#(rows)]}]}"#,
      to: "trace.json")
    #expect(
      sentence(about: path) { try Recording.open(folder.path) }
        == "has 1048577 rows in its passes, where no more than 1048576 are compared.")
  }

  @Test func `a file of more tensors than are kept is refused`() throws {
    let tensors = (0...RecordingLimits.tensors).map {
      SafetensorsWriter.Tensor("\($0)", shape: [0], values: [])
    }
    let path = try folder.write(SafetensorsWriter(tensors).bytes(), to: "tensors")
    #expect(sentence(about: path) { try Recording.open(path) }.hasPrefix("has 16385 tensors,"))
  }

  @Test func `JSON that is too large is refused before it is read`() throws {
    let recording = try sparse([UInt8(ascii: "{")], RecordingLimits.documentBytes + 1)
    #expect(
      sentence(about: recording) { try Recording.open(recording) }
        == "has 256000001 bytes, where no more than 256000000 are read as JSON.")
    let trace = try sparse(
      [UInt8(ascii: "{")], RecordingLimits.documentBytes + 1, Trace.fileName)
    #expect(
      sentence(about: trace) { try Trace(folder: folder.path) }
        == "is not a trace: it has 256000001 bytes, where no more than 256000000 are read.")
    let mask = try sparse([UInt8(ascii: "[")], MaskFile.documentLimit + 1)
    #expect(
      sentence(about: mask) { try MaskFile.read(mask, rows: 1, cachedCount: 0) }
        == "has 64000001 bytes, where no more than 64000000 of a mask in JSON are read; a "
        + "safetensors file holds a larger one.")
  }
}
