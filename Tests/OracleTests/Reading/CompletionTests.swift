import Foundation
import Llama
import TestSupport
import Testing

@testable import Oracle

@Suite("Logprobs of completions")
struct CompletionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func rows(_ json: String, tokenizer: Tokenizer? = nil) throws -> [RecordedRow] {
    let path = try folder.write(json, to: "answer.json")
    let recording = try Recording.open(path, tokenizer: tokenizer)
    #expect(recording.kind == .completion)
    let tensor = try recording.passes[0].tensors()[0]
    return try (0..<tensor.rowCount).map(tensor.row)
  }

  @Test("chat completions, with ids as some servers give them")
  func chat() throws {
    let rows = try rows(
      """
      {"choices": [{"logprobs": {"content": [
        {"token": "token_id:7", "logprob": -0.5, "top_logprobs": [
          {"token": "token_id:7", "logprob": -0.5}, {"token": "token_id:3", "logprob": -1}]},
        {"id": 4, "token": "x", "bytes": [120], "logprob": -2, "top_logprobs": []}]}}]}
      """)
    #expect(rows.map(\.columns) == [[3, 7], [4]])
    #expect(rows.map(\.values) == [[-1, -0.5], [-2]])
    #expect(rows.allSatisfy { $0.isLogProbability })
  }

  @Test("the older form, with the text of tokens matched through the tokenizer")
  func older() throws {
    let tokenizer = try #require(try TestModels.checkpoint("tiny-llama").makeTokenizer())
    let (a, b) = (try #require(tokenizer.id(of: "a")), try #require(tokenizer.id(of: "b")))
    let json = """
      {"choices": [{"logprobs": {"tokens": ["a", "b"], "token_logprobs": [null, -0.25],
        "top_logprobs": [null, {"a": -3, "b": -0.25}]}}]}
      """
    let rows = try rows(json, tokenizer: tokenizer)
    #expect(rows[0].values == [])
    #expect(rows[1].columns == [min(a, b), max(a, b)])
    let path = folder.file("answer.json")
    let found = sentence(about: path) { try Recording.open(path) }
    #expect(found.contains("only with a tokenizer: give the model with --model"), "\(found)")
  }

  @Test(
    "what is no list of logprobs is refused in a sentence",
    arguments: [
      ("{}", "choices is missing"), (#"{"choices": []}"#, "0 choices"),
      (#"{"choices": [{}]}"#, "logprobs is missing"),
      (#"{"choices": [{"logprobs": {"content": [{"token": "a"}]}}]}"#, "logprob is missing"),
      (
        #"{"choices": [{"logprobs": {"content": [{"id": 1, "token": "a", "logprob": "x"}]}}]}"#,
        "but must be a number"
      ),
      (
        #"{"choices": [{"logprobs": {"content": [{"id": 1, "token": "a", "logprob": 1e999}]}}]}"#,
        "number"
      ),
      (
        #"{"choices": [{"logprobs": {"content": [{"id": -1, "token": "a", "logprob": 0}]}}]}"#,
        "token id -1"
      ),
      (
        #"{"choices": [{"logprobs": {"content": [{"id": 1, "token": "a", "bytes": [300], "#
          + #""logprob": 0}]}}]}"#, "is 300, but must be a byte"
      ),
      (
        #"{"choices": [{"logprobs": {"tokens": ["token_id:1"], "token_logprobs": []}}]}"#,
        "of different lengths"
      ),
      (
        #"{"choices": [{"logprobs": {"tokens": ["token_id:1"], "token_logprobs": [0], "#
          + #""top_logprobs": [{"token_id:2": 0, "token_id:2": 1}]}}]}"#,
        "lists the token 2 twice for token 0"
      ),
      (String(repeating: "[", count: 100_000), "of an unknown kind"),
      (#"{"choices": "# + String(repeating: "[", count: 100_000), "too deep"),
      (#"{"choices": [], "choices": []}"#, "occurs more than once"),
    ])
  func refused(json: String, words: String) throws {
    let path = try folder.write(json, to: "answer.json")
    #expect(sentence(about: path) { try Recording.open(path) }.contains(words))
  }
}
