import Foundation
import TestSupport
import Testing

@testable import Oracle

@Suite("Folders of traces")
struct RecordedTraceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ json: String) throws -> Recording {
    try folder.write(json, to: "trace.json")
    return try Recording.open(folder.path)
  }

  @Test("everything that was recorded is read")
  func everything() throws {
    let recording = try open(
      """
      {"format": "lookahead-trace", "schema": 1, "prompt": [1, 2],
       "model": {"configuration": {"layerCount": 3}}, "tokens": [5],
       "passes": [{"index": 0, "file": "pass-00000.safetensors", "kind": "step", "cachedCount": 2,
         "rows": [{"role": "current", "token": 2, "position": 2,
           "visible": {"cached": [[0, 2]], "rows": [0]}}],
         "logitRows": [0], "candidates": [{"tokens": [3, 4], "sources": ["prompt"]}],
         "frontier": [{"row": 0, "token": 9}], "selected": [{"row": 0, "token": 5}],
         "acceptedRows": [0], "window": [[1], [2, 3]]}]}
      """)
    #expect(recording.kind == .trace && recording.layerCount == 3)
    #expect(recording.prompt == [1, 2] && recording.tokens == [5])
    let pass = try #require(recording.passes.first)
    #expect(pass.rows?[0].visible == RecordedPass.Keys(cached: [0..<2], rows: [0]))
    #expect(pass.candidates == [[3, 4]] && pass.window == [[1], [2, 3]])
    #expect(pass.selected == [RecordedPass.Answer(row: 0, token: 5)])
    // Its tensors are another file, which is not there.
    #expect(throws: (any Error).self) { try pass.tensors() }
  }

  @Test("trace.json means its folder")
  func document() throws {
    let path = try folder.write(
      #"{"format": "lookahead-trace", "schema": 1, "passes": []}"#, to: "trace.json")
    #expect(try Recording.open(path).kind == .trace)
  }

  @Test func `a file whose name only ends as that of a trace does not mean the folder`() throws {
    let json = #"{"format": "lookahead-trace", "schema": 1, "passes": []}"#
    try folder.write(json, to: "trace.json")
    let old = try folder.write(json, to: "old-trace.json")
    #expect(sentence(about: old) { try Recording.open(old) }.contains("choices is missing"))
  }

  @Test(
    "a trace that contradicts itself is refused in a sentence",
    arguments: [
      (#"{"format": "trace", "schema": 1, "passes": []}"#, "lookahead-trace"),
      (#"{"format": "lookahead-trace", "schema": 2, "passes": []}"#, "schema"),
      (#"{"format": "lookahead-trace", "schema": 1}"#, "passes is missing"),
      (pass(#""index": 0"#), "file is missing"), (pass(#""file": "../a""#), "outside its folder"),
      (pass(#""file": "..""#), "outside its folder"), (pass(#""file": """#), "outside its folder"),
      // A line break, which would stand in a message.
      (pass(#""file": "a\u000Ab""#), "the file a?b, which is no name to show"),
      (pass(#""file": "a"}, {"file": "b"}, {"file": "a""#), "pass 2 names the same file as pass 0"),
      (layers("0"), "has 0 layers, where 1 to 4096 can be"), (layers("-2"), "has -2 layers"),
      (layers("4097"), "has 4097 layers"),
      (layers("9223372036854775807"), "has 9223372036854775807"),
      (pass(#""file": "a", "cachedCount": -1"#), "cache of -1"),
      (pass(#""file": "a", "rows": [], "logitRows": [0]"#), "row 0 of 0 rows"),
      (pass(#""file": "a", "logitRows": [0, 1, 0]"#), "names a row twice"),
      (
        pass(#""file": "a", "rows": [{"visible": {"cached": [], "rows": [1]}}]"#), "sees row 1"
      ),
      (
        pass(
          #""file": "a", "cachedCount": 2, "#
            + #""rows": [{"visible": {"cached": [[0, 3]], "rows": []}}]"#),
        "sees key 2 of a cache of 2"
      ),
      (
        pass(#""file": "a", "rows": [{"visible": {"cached": [[3, 1]], "rows": []}}]"#),
        "[first, end]"
      ),
      (pass(#""file": "a", "rows": [{"token": 1.5}]"#), "a whole number"),
      (pass(#""file": "a", "rows": [{"token": 99999999999999999999}]"#), "a whole number"),
    ])
  func refused(json: String, words: String) throws {
    let path = try folder.write(json, to: "trace.json")
    #expect(sentence(about: path) { try Recording.open(folder.path) }.contains(words))
  }

  private static func layers(_ count: String) -> String {
    #"{"format": "lookahead-trace", "schema": 1, "passes": [], "#
      + #""model": {"configuration": {"layerCount": \#(count)}}}"#
  }

  private static func pass(_ fields: String) -> String {
    #"{"format": "lookahead-trace", "schema": 1, "passes": [{\#(fields)}]}"#
  }
}
