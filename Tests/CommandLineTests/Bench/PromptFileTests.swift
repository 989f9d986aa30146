import Files
import TestSupport
import Testing

@testable import CommandLineTool

/// Prompt files.
struct PromptFileTests {
  private static let good = #"{"id": "a", "chat": true, "prompt": "hi"}"#

  @Test func `the committed prompts can be read`() throws {
    let prompts = try PromptFile.read(FixturePath.path("prompts.jsonl"))
    #expect(prompts.count == 14)
    #expect(prompts.first?.id == "letter")
    #expect(prompts.first?.asPrompt == .message(prompts[0].prompt, system: nil))
    #expect(prompts.contains { !$0.chat })
  }

  @Test func `set and kind may be given, further keys and empty lines are passed over`() throws {
    let text = """

      \(Self.good)\r
        \t
      {"id": "b", "chat": false, "prompt": "x", "set": "s", "kind": "k", "note": [1]}
      """
    let prompts = try PromptFile.prompts(in: text, path: "file")
    #expect(prompts.map(\.id) == ["a", "b"])
    #expect(prompts[0].set == nil && prompts[0].kind == nil)
    #expect(prompts[1].set == "s" && prompts[1].kind == "k")
    #expect(prompts[1].asPrompt == .raw("x"))
  }

  @Test func `separators that JSON allows inside a text do not end a line`() throws {
    let separators = "\u{85}\u{2028}\u{2029}"
    let line = #"{"id": "a", "chat": false, "prompt": "x\#(separators)y"}"#
    let other = line.replacing("\"a\"", with: "\"b\"")
    let prompts = try PromptFile.prompts(in: line + "\r\n" + other, path: "p")
    #expect(prompts.map(\.id) == ["a", "b"])
    #expect(prompts.allSatisfy { $0.prompt == "x\(separators)y" })
  }

  @Test func `what a file's names say cannot rule a terminal`() {
    let line = #"{"id": "a\u001b[2J\n\u009b\u2028b", "chat": true, "prompt": "x"}"#
    #expect {
      try PromptFile.prompts(in: line + "\n" + line, path: "p")
    } throws: {
      "\($0)" == #"p: the id a\u{1B}[2J\n\u{009B}\u{2028}b in line 2 occurs more than once."#
    }
    let table = TextTable(["a\tb"], [["\u{1B}]0;x\u{7}"]])
    #expect(table.text == [#"a\tb            "#, #"\u{1B}]0;x\u{07}"#])
  }

  @Test(arguments: [
    ("{", "it is not well-formed JSON"), ("[]", "it is not a JSON object"),
    (#"{"id": "b", "chat": true}"#, "it lacks prompt"),
    (#"{"chat": true, "prompt": "x"}"#, "it lacks id"),
    (#"{"id": "b", "prompt": "x"}"#, "it lacks chat"),
    (#"{"id": "b", "chat": "yes", "prompt": "x"}"#, "chat is not true or false"),
    (#"{"id": "b", "chat": 1, "prompt": "x"}"#, "chat is not true or false"),
    (#"{"id": 3, "chat": true, "prompt": "x"}"#, "id is not a text"),
    (#"{"id": "b", "chat": true, "prompt": null}"#, "prompt is not a text"),
    (#"{"id": "b", "chat": true, "prompt": "x", "set": 1}"#, "set is not a text"),
    (#"{"id": "b", "chat": true, "prompt": ""}"#, "its prompt is empty"),
  ])
  func `a line that is no prompt is named by its number`(line: String, reason: String) {
    let error = FileError("p", "line 3", .malformed(reason: "is not a prompt: \(reason)"))
    #expect(throws: error) {
      try PromptFile.prompts(in: Self.good + "\n\n" + line, path: "p")
    }
    #expect(error.description == "p: line 3 is not a prompt: \(reason).")
  }

  @Test func `two prompts of one id are refused`() {
    #expect(throws: FileError("p", "the id a in line 2", .duplicate)) {
      try PromptFile.prompts(in: Self.good + "\n" + Self.good, path: "p")
    }
  }

  @Test(arguments: ["", "\n \n"])
  func `a file without prompts is refused`(text: String) {
    #expect(throws: FileError("p", "a prompt", .missing)) {
      try PromptFile.prompts(in: text, path: "p")
    }
  }
}
