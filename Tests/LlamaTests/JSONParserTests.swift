import Foundation
import TestSupport
import Testing

@testable import Llama

struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue {
    try JSONParser.parse(Array(text.utf8), path: "x.json").value
  }

  @Test func `every kind of value is read`() throws {
    let text =
      #" {"a": [1, -2.5, 1e2, true, false, null, {}, []], "b": "x\n\u00e9\ud83e\udd8a\/"} "#
    #expect(
      try parse(text)
        == .object([
          JSONMember(
            key: Array("a".utf8),
            value: .array([
              .integer(1), .number(-2.5), .number(100), .bool(true), .bool(false), .null,
              .object([]), .array([]),
            ])),
          JSONMember(key: Array("b".utf8), value: .string(Array("x\né🦊/".utf8))),
        ]))
  }

  @Test func `spellings of one character stay apart`() throws {
    // U+00E9, and e with U+0301: equal as Swift strings.
    let members = try JSONParser.parse(Array("{\"é\": 1, \"e\u{301}\": 2}".utf8), path: "x")
      .members()
    #expect(members.map(\.key.count) == [2, 3])
  }

  @Test func `more values than are allowed are refused`() throws {
    func parse(_ text: String) throws -> JSONNode {
      try JSONParser.parse(Array(text.utf8), path: "x.json", valueLimit: 4)
    }
    _ = try parse(#"[1, {"a": 2}]"#)
    #expect(
      sentence(about: "x.json") { try parse(#"[1, {"a": [2]}]"#) }
        == #"holds "more values than any honest file has" in the field (top level), which is out of range."#
    )
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru",
    "nul", "01", "-", "1.", ".5", "1e", "+1", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"",
    "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "\"\n\"",
    "1 2", "[] x", "NaN", "'a'", "[1 2]", "{\"a\" 1}", "\u{FEFF}1",
    String(repeating: "[", count: 200),
  ])
  func `what is not JSON is refused with its place`(text: String) throws {
    let error = #expect(throws: TokenizerError.self) { try parse(text) }
    guard case .malformedJSON(path: "x.json", let offset, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect((0...text.utf8.count).contains(offset))
  }

  @Test func `a string that is not UTF-8 is refused`() {
    #expect(throws: TokenizerError.self) {
      try JSONParser.parse([0x22, 0xFF, 0x22], path: "x.json")
    }
  }

  @Test func `arbitrary changes to a file never stop the program`() throws {
    let original = Array(
      try TokenizerFixture.contents("tiny-sentencepiece", "tokenizer_config.json"))
    var random = SeededGenerator(seed: 23)
    for _ in 0..<1000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      bytes.removeLast(Int.random(in: 0...3, using: &random))
      do {
        _ = try JSONParser.parse(bytes, path: "x.json")
      } catch {
        continue
      }
    }
  }
}
