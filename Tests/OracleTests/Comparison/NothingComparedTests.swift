import Foundation
import TestSupport
import Testing

@testable import Oracle

/// Of what has no value in common nothing may be said, least of all that it is the same.
struct NothingComparedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refuses(_ bytes: [UInt8], _ other: [UInt8]) throws {
    let a = try Recording.open(try folder.write(bytes, to: "a"))
    let b = try Recording.open(try folder.write(other, to: "b"))
    #expect(throws: RecordingError.nothingCompared(a: a.path, b: b.path)) {
      try RecordingComparer.compare(a, b)
    }
  }

  @Test func `arrays without rows`() throws {
    let bytes = numPyBytes(
      header: "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4), }", data: [])
    try refuses(bytes, bytes)
  }

  @Test func `files without tensors`() throws {
    let bytes = SafetensorsWriter([]).bytes()
    try refuses(bytes, bytes)
  }

  @Test func `logits of llama.cpp that are all only known to be low`() throws {
    let bytes = llamaCppBytes(
      contextLength: 4, vocabularySize: 4, chunks: 1, tokens: [1, 2, 3, 0],
      rows: [(0x1p-13, -4, [0, 0, 0, 0])])
    try refuses(bytes, bytes)
  }

  @Test func `answers that list no token in common`() throws {
    func answer(_ id: Int) -> [UInt8] {
      Array(
        #"{"choices":[{"logprobs":{"content":[{"id":\#(id),"token":"","logprob":-1}]}}]}"#.utf8)
    }
    // What the tokens are is itself compared, so they are the same and nothing is said of them.
    let empty = Array(#"{"choices":[{"logprobs":{"content":[]}}]}"#.utf8)
    try refuses(empty, empty)
    let (a, b) = (
      try Recording.open(try folder.write(answer(1), to: "a")),
      try Recording.open(try folder.write(answer(2), to: "b"))
    )
    let result = try RecordingComparer.compare(a, b)
    #expect(result.discrete.map(\.subject) == [.tokens] && !result.agrees)
  }

  @Test func `values that are NaN on both sides were compared`() throws {
    let bytes = SafetensorsWriter([.init("logits", shape: [1, 1], values: [.nan])]).bytes()
    let recording = try Recording.open(try folder.write(bytes, to: "nan"))
    #expect(try RecordingComparer.compare(recording, recording).verdict == .identical)
  }

  @Test func `traces without tensors are compared in all else`() throws {
    try folder.write(SafetensorsWriter([]).bytes(), to: "pass")
    try folder.write(
      #"{"format":"lookahead-trace","schema":1,"passes":[{"file":"pass"}]}"#, to: "trace.json")
    let trace = try Recording.open(folder.path)
    #expect(try RecordingComparer.compare(trace, trace).verdict == .identical)
  }
}
