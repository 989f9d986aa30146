import Foundation
import TestSupport
import Testing

/// Texts of a file of prompts, several at once.
struct ParallelTests {
  private static let prompts = """
    {"id": "a", "chat": false, "prompt": "Once upon a time there was a fox."}
    {"id": "b", "chat": true, "prompt": "Who are you?"}
    {"id": "c", "chat": false, "prompt": "The bear"}
    {"id": "d", "chat": false, "prompt": "One day the duck went to the river and"}
    {"id": "e", "chat": true, "prompt": "What is 2 plus 3?"}
    """

  private func run(
    _ arguments: [String], prompts: String = prompts
  ) throws -> LookaheadProcess.Outcome {
    let folder = try TemporaryFolder()
    let path = try folder.write(prompts, to: "prompts.jsonl")
    return try LookaheadProcess.run(
      arguments.map { $0 == "FILE" ? path : $0 } + LookaheadProcess.tinyLlama)
  }

  /// The output ids by id.
  private func texts(_ output: String) throws -> [String: [Int]] {
    try output.split(separator: "\n").reduce(into: [:]) { texts, line in
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
      let object = try #require(json as? [String: Any])
      texts[try #require(object["id"] as? String)] = object["output_ids"] as? [Int]
    }
  }

  @Test(arguments: [["--temperature", "0"], ["--temperature", "0.8", "--seed", "4"]])
  func `each text is the one that it is alone`(sampling: [String]) throws {
    let common = ["generate", "--prompt-file", "FILE", "--json", "-n", "24"] + sampling
    let alone = try run(common + ["--parallel", "1", "--decoding", "autoregressive"])
    #expect(alone.status == 0, "\(alone.diagnostics)")
    let expected = try texts(alone.output)
    #expect(Set(expected.keys) == ["a", "b", "c", "d", "e"])
    for count in ["2", "3", "9"] {
      let found = try run(common + ["--parallel", count])
      #expect(found.status == 0)
      #expect(try texts(found.output) == expected, "\(count) at once")
    }
  }

  @Test func `texts are shown with their ids, and what they took is said`() throws {
    let found = try run(["generate", "--prompt-file", "FILE", "-n", "4", "--parallel", "2"])
    #expect(found.status == 0)
    for id in ["a", "b", "c", "d", "e"] {
      #expect(found.output.contains("\(id): "), "\(found.output)")
    }
    #expect(found.diagnostics.contains("5 texts, 20 tokens"))
    #expect(found.diagnostics.contains("tokens/s in all"))
  }

  @Test func `a prompt beyond the context is refused before anything is made`() throws {
    let long = String(repeating: "fox ", count: 2_000)
    let found = try run(
      ["generate", "--prompt-file", "FILE", "-n", "4", "--parallel", "2"],
      prompts: "{\"id\": \"x\", \"chat\": false, \"prompt\": \"\(long)\"}")
    #expect(found.status == 2 && found.diagnostics.contains("context"))
  }

  @Test(arguments: [
    (
      ["generate", "-p", "a", "--parallel", "2"], "--parallel needs the prompts of a --prompt-file"
    ),
    (["generate", "--prompt-file", "FILE", "--parallel", "0"], "must be at least 1"),
    (["generate", "--prompt-file", "FILE", "--parallel", "9999"], "from 1 to 256"),
    (
      ["generate", "--prompt-file", "FILE", "--parallel", "2", "--compare"],
      "so --compare cannot be given"
    ),
    (["bench", "--parallel", "2"], "--parallel needs --prompts"),
  ])
  func `wrong usage is refused`(arguments: [String], words: String) throws {
    let found = try run(arguments)
    #expect(found.status == 64 && found.diagnostics.contains(words), "\(found.diagnostics)")
  }

  @Test func `bench shows each number of texts, and that they are the same`() throws {
    let found = try run(
      ["bench", "--prompts", "FILE", "--parallel", "1,3", "--tokens", "8", "--json"])
    #expect(found.status == 0, "\(found.diagnostics)")
    let ways = try #require(found.object()["ways"] as? [[String: Any]])
    #expect(ways.map { $0["texts_at_once"] as? Int } == [1, 1, 3, 3])
    #expect(ways.allSatisfy { $0["equal_tokens"] as? Bool == true })
  }
}
