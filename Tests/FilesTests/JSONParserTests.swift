import Foundation
import TestSupport
import Testing

@testable import Files

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
      throws: FileError(
        "x.json", "the number of JSON values",
        .invalid(expected: "at most 4", found: "at least 5"))
    ) { try parse(#"[1, {"a": [2]}]"#) }
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru",
    "nul", "01", "-", "1.", ".5", "1e", "+1", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u123g\"",
    "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "\"\n\"",
    "1 2", "[] x", "NaN", "'a'", "[1 2]", "{\"a\" 1}", "\u{FEFF}1",
    String(repeating: "[", count: 200),
  ])
  func `what is not JSON is refused with its place`(text: String) throws {
    let error = try #require(#expect(throws: FileError.self) { try parse(text) })
    guard case .malformed(let reason) = error.problem else {
      Issue.record("\(error)")
      return
    }
    #expect(error.path == "x.json" && reason.hasPrefix("is malformed: "))
    let part = try #require(error.part)
    let offset = try #require(Int(part.trimmingPrefix("the JSON at byte ")))
    #expect((0...text.utf8.count).contains(offset))
  }

  @Test func `a string that is not UTF-8 is refused`() {
    #expect(
      throws: FileError(
        "x.json", "the JSON at byte 2",
        .malformed(reason: "is malformed: a string before this place is not UTF-8"))
    ) { try JSONParser.parse([0x22, 0xFF, 0x22], path: "x.json") }
  }

  @Test func `arbitrary changes to a file never stop the program`() throws {
    let path = FixturePath.path("tiny-sentencepiece/tokenizer_config.json")
    let original = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
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

  @Test func `a value of another kind is refused with its place`() throws {
    let root = try JSONParser.parse(
      Array(#"{"a": {"b": [1, "x"]}, "c": 1, "c": 2, "n": null}"#.utf8), path: "x.json")
    let list = try root.required("a").required("b")
    #expect(try list.elements().map(\.field) == ["a.b[0]", "a.b[1]"])
    func problem(_ body: () throws -> some Any) -> FileError? {
      #expect(throws: FileError.self) { try body() }
    }
    func error(_ part: String, _ problem: FileError.Problem) -> FileError {
      FileError("x.json", part, problem)
    }
    #expect(
      problem { try list.elements()[1].integer() }
        == error("the field a.b[1]", .invalid(expected: "an integer", found: #""x""#)))
    #expect(
      problem { try root.string() }
        == error("the top-level value", .invalid(expected: "a string", found: "an object")))
    #expect(
      problem { try list.required("z") }
        == error(
          "the field a.b", .invalid(expected: "an object", found: "an array of 2 elements")))
    #expect(problem { try root.optional("c") } == error("the field c", .duplicate))
    for key in ["n", "z"] {
      #expect(try root.optional(key) == nil)
      #expect(problem { try root.required(key) } == error("the field \(key)", .missing))
    }
  }
}
