import Foundation
import Oracle
import TestSupport
import Testing

@Suite("Reading traces")
struct TraceReadingTests {
  static let json = FixturePath.path("trace/lookahead/trace.json")

  @Test("A trace is read as it was written")
  func roundTrip() throws {
    let trace = try Trace(folder: FixturePath.path("trace/lookahead"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let read = try JSONDecoder().decode(JSONTree.self, from: encoder.encode(trace))
    #expect(read == (try JSONTree(path: Self.json)))
  }

  @Test(
    "What is not a trace is refused in one sentence",
    arguments: [
      (#""schema":1"#, #""schema":2"#, "the field schema is 2, but must be 1"),
      ("lookahead-trace", "other", "must be \"lookahead-trace\""),
      (#""prompt":["#, #""prompt":{"#, "the JSON at byte"),
      (#""passes":["#, #""steps":["#, "passes"),
      (
        #""file":"pass-00001"#, #""file":"../pass-00001"#,
        "pass 1 names the file ../pass-00001.safetensors outside its folder"
      ),
      (#""index":1"#, #""index":7"#, "pass 1 has the index 7"),
      (#""logitRows":[5,"#, #""logitRows":[999,"#, "names row 999"),
      (#""cached":[[0,8]]"#, #""cached":[[0,80]]"#, "attends to key 79 of a cache of 8"),
      (
        #""cached":[[0,8]]"#, #""cached":[[8,0]]"#,
        "visible.cached has a value that the format does not have"
      ),
      (#""cachedCount":8"#, #""cachedCount":-8"#, "has -8 cached tokens"),
    ])
  func refused(original: String, replacement: String, words: String) throws {
    let folder = try TemporaryFolder()
    var text = try String(contentsOfFile: Self.json, encoding: .utf8)
    let range = try #require(text.range(of: original))
    text.replaceSubrange(range, with: replacement)
    let path = try folder.write(text, to: "trace.json")
    let found = sentence(about: path) { try Trace(folder: folder.path) }
    #expect(found.contains(words), "\(found)")
    #expect(found.hasSuffix("."))
  }

  @Test("A trace that ends anywhere is refused")
  func truncated() throws {
    let folder = try TemporaryFolder()
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: Self.json)))
    for count in stride(from: 0, to: bytes.count - 2, by: 997) {
      let path = try folder.write(Array(bytes.prefix(count)), to: "trace.json")
      #expect(!sentence(about: path) { try Trace(folder: folder.path) }.isEmpty)
    }
  }
}
