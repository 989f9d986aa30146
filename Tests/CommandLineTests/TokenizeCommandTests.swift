import Foundation
import Llama
import TestSupport
import Testing

/// `lookahead tokenize` as a program.
struct TokenizeCommandTests {
  private static let model = ["-m", FixturePath.path("tiny-llama")]

  /// The ids by the library.
  private func ids(_ text: String) throws -> [TokenID] {
    let checkpoint = try Checkpoint.open(FixturePath.path("tiny-llama"))
    let tokenizer = try #require(try checkpoint.makeTokenizer())
    return tokenizer.encode(text, addSpecialTokens: true, parseSpecialTokens: true)
  }

  private func line(_ ids: [TokenID]) -> String {
    ids.map(String.init).joined(separator: ",") + "\n"
  }

  private func tokenize(_ arguments: [String], input: [UInt8] = []) throws -> String {
    let run = try LookaheadProcess.run(["tokenize"] + Self.model + arguments, input: input)
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    return run.output
  }

  @Test(arguments: [["The fox"], ["-p", "The fox"], ["--prompt", "The fox"]])
  func `ids stand on one line with commas between`(_ arguments: [String]) throws {
    #expect(try tokenize(arguments) == line(ids("The fox")))
  }

  @Test func `text may come from standard input`() throws {
    let input = Array("The fox\r\n".utf8)
    #expect(try tokenize(["--prompt-file", "-"], input: input) == line(ids("The fox")))
  }

  @Test func `what looks like an option can be a prompt`() throws {
    #expect(try tokenize(["-p", "--json"]) == (try tokenize(["--", "--json"])))
  }

  @Test func `ids become the text again`() throws {
    let text = "Zwei Füchse\t🦊 <|im_end|>\n"
    let ids = try tokenize(["-p", text]).dropLast()
    #expect(try tokenize(["--decode", String(ids)]) == text + "\n")
    #expect(try tokenize(["--decode", "[\(ids)]"]) == text + "\n")
  }

  @Test func `pieces show what each token stands for`() throws {
    let ids = try ids("The fox\n")
    try #require(ids.count == 3)
    #expect(
      try tokenize(["--pieces", "The fox\n"])
        == "\(ids[0])\t\"The\"\n\(ids[1])\t\" fox\"\n\(ids[2])\t\"\\n\"\n")
  }

  @Test func `the JSON object has ids, pieces and text`() throws {
    let json = try tokenize(["--json", "The fox"])
    let ids = line(try ids("The fox")).dropLast()
    #expect(json == #"{"ids":[\#(ids)],"pieces":["The"," fox"],"text":"The fox"}"# + "\n")
  }

  @Test func `special tokens are found in text unless that is not wanted`() throws {
    #expect(try tokenize(["<|im_end|>"]) == "2\n")
    #expect(try tokenize(["--no-parse-special", "<|im_end|>"]).contains(","))
  }

  @Test func `the token that begins a text can be left out`() throws {
    let arguments = ["tokenize", "-m", FixturePath.path("tiny-llama3"), "a"]
    let whole = try LookaheadProcess.run(arguments).output
    let bare = try LookaheadProcess.run(arguments + ["--no-bos"]).output
    #expect(whole == "507," + bare)
  }

  @Test func `a message goes into the chat template`() throws {
    let ids = try tokenize(["--chat", "hi"]).dropLast()
    let text = try tokenize(["--decode", String(ids)])
    #expect(text.hasPrefix("<|im_start|>system\nYou are a little storyteller."))
    #expect(text.hasSuffix("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n\n"))
  }
}
