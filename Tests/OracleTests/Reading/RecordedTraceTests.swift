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
    #expect(pass.facts.rows?[0].visible == TraceVisible(cached: [0..<2], rows: [0]))
    #expect(
      pass.facts.candidates?.map(\.tokens) == [[3, 4]] && pass.facts.window == [[1], [2, 3]])
    #expect(pass.facts.selected == [TraceAnswer(row: 0, token: 5)])
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
      (pass(#""index": 0"#), "pass 0 lacks the field file"),
      (pass(#""file": "../a""#), "outside its folder"),
      (pass(#""file": "..""#), "outside its folder"), (pass(#""file": """#), "outside its folder"),
      // A line break, which would stand in a message.
      (pass(#""file": "a\u000Ab""#), "the file a?b, which cannot be displayed"),
      (pass(#""file": "a"}, {"file": "b"}, {"file": "a""#), "pass 2 names the same file as pass 0"),
      (layers("0"), "layerCount is 0, but must be 1 to 4096"), (layers("-2"), "layerCount is -2,"),
      (layers("4097"), "layerCount is 4097,"),
      (layers("9223372036854775807"), "layerCount is 9223372036854775807,"),
      (pass(#""file": "a", "cachedCount": -1"#), "has -1 cached tokens"),
      (pass(#""file": "a", "rows": [], "logitRows": [0]"#), "row 0 of 0 rows"),
      (pass(#""file": "a", "logitRows": [0, 1, 0]"#), "names a row twice"),
      (
        pass(#""file": "a", "rows": [{"visible": {"cached": [], "rows": [1]}}]"#),
        "row 1 of 1 rows in the visible rows"
      ),
      (
        pass(
          #""file": "a", "cachedCount": 2, "#
            + #""rows": [{"visible": {"cached": [[0, 3]], "rows": []}}]"#),
        "attends to key 2 of a cache of 2"
      ),
      (
        pass(#""file": "a", "rows": [{"visible": {"cached": [[3, 1]], "rows": []}}]"#),
        "cached has a value that the format does not have"
      ),
      (
        pass(#""file": "a", "rows": [{"visible": {"cached": [[0, 1, 2]], "rows": []}}]"#),
        "cached has a value that the format does not have"
      ),
      (pass(#""file": "a", "index": 3"#), "pass 0 has the index 3"),
      (
        pass(#""file": "a", "rows": [{"role": "guess"}]"#),
        "the field passes[0].rows[0].role has a value that the format does not have"
      ),
      (
        pass(#""file": "a", "rows": [{"token": 1, "token": 2}]"#),
        "the field passes[0].rows[0].token occurs more than once"
      ),
      (
        pass(#""file": "a", "rows": [{"token": 1.5}]"#), "a number is no whole number, or too large"
      ),
      (
        pass(#""file": "a", "rows": [{"token": 99999999999999999999}]"#),
        "a number is no whole number, or too large"
      ),
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
