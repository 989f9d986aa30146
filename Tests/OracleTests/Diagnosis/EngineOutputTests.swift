import Files
import Foundation
import Llama
import TestSupport
import Testing

@testable import Oracle

/// The forms in which engines give tokens, and what is no such form.
struct EngineOutputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> EngineOutput {
    let path = try folder.write(Array(text.utf8), to: "text")
    return try EngineOutput.read(path, tokenizer: nil, vocabularySize: 100)
  }

  @Test(arguments: [
    "[5, 6, 7]", "[[5, 6, 7]]", "5\n6\n7\n", "5 6,7", "5, 6, 7\r\n", #"{"tokens": [5, 6, 7]}"#,
    #"{"token_ids": [5, 6, 7]}"#, #"{"output_ids": [5, 6, 7], "meta_info": {"id": "a"}}"#,
    #"{"outputs": [{"text": "abc", "token_ids": [5, 6, 7]}], "prompt_token_ids": [1]}"#,
    #"{"choices": [{"text": "abc", "logprobs": null, "token_ids": [5, 6, 7]}]}"#,
    #"{"content": "abc", "tokens": [5, 6, 7], "stop": true}"#,
    #"{"completion_probabilities": [{"id": 5, "logprob": -0.5}, {"id": 6, "logprob": -1}, {"id": 7, "logprob": -2}]}"#,
    #"{"choices": [{"logprobs": {"content": [{"id": 5, "token": "a", "logprob": -1}, {"token": "token_id:6", "logprob": -1}, {"token": "token_id:7", "logprob": -1}]}}]}"#,
  ])
  func `forms of an answer`(_ text: String) throws {
    #expect(try read(text).tokens == [5, 6, 7])
  }

  @Test func `log-probabilities of llama.cpp's server and of completions`() throws {
    let server = try read(
      #"{"completion_probabilities": [{"id": 5, "logprob": -0.5, "top_logprobs": [{"id": 5, "logprob": -0.5}, {"id": 9, "logprob": -1.5}]}]}"#
    )
    #expect(server.logProbabilities == [[5: -0.5, 9: -1.5]])
    let completion = try read(
      #"{"choices": [{"token_ids": [5], "logprobs": {"content": [{"token": "token_id:5", "logprob": -0.5, "top_logprobs": [{"token": "token_id:8", "logprob": -2}]}]}}]}"#
    )
    #expect(completion.tokens == [5] && completion.logProbabilities == [[5: -0.5, 8: -2]])
  }

  @Test func `a prompt before the tokens is dropped`() throws {
    let output = try read("[1, 2, 5, 6]")
    #expect(output.withoutPrompt([1, 2]).tokens == [5, 6])
    #expect(output.withoutPrompt([2]).tokens == [1, 2, 5, 6])
    #expect(output.withoutPrompt([1, 2, 5, 6]).tokens == [1, 2, 5, 6])
  }

  @Test(arguments: [
    ("", "the list of tokens is empty"), ("[]", "the list of tokens is empty"),
    ("[5, 100]", "token 1 is 100, but must be an id from 0 to 99"),
    ("[-1]", "token 0 is -1"), ("[\"a\"]", "must be an integer"), ("hello", "no list of token ids"),
    ("[5, 6", "byte 5"), ("{\"a\": 1}", "has none of choices"),
    ("[[1], [2]]", "must be an integer"),
    ("{\"tokens\": 5}", "must be an array"), ("[1.5]", "must be an integer"),
    ("99999999999999999999", "no list of token ids"), ("[1e400]", "[0] is inf"),
    ("{\"choices\": []}", "has none of"),
  ])
  func `what is no answer gets a sentence`(_ text: String, _ words: String) throws {
    let error = #expect(throws: (any Error).self) { try read(text) }
    let sentence = "\(error.map { "\($0)" } ?? "")"
    #expect(sentence.contains(words) && sentence.hasSuffix("."), "\(sentence)")
  }

  @Test func `too many tokens are refused`() throws {
    let text = String(repeating: "1\n", count: 1_000_000)
    let error = #expect(throws: FileError.self) { try read(text) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("the number of tokens is 1000000"))
  }
}
