import Foundation
import TestSupport
import Testing

@testable import CommandLineTool

/// `lookahead chat` as a program.
struct ChatCommandTests {
  private func chat(
    _ lines: String, _ options: [String] = []
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      ["chat"] + LookaheadProcess.tinyLlama + options, input: Array(lines.utf8))
  }

  private func turns(_ outcome: LookaheadProcess.Outcome) throws -> [[String: Any]] {
    try outcome.output.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
  }

  @Test func `every line is answered, the last without its end too`() throws {
    let run = try chat("hi\n\nTell me a story about a fox.", ["-n", "12"])
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.last?.hasPrefix("Once upon a time there was a fox") == true)
    #expect(run.diagnosticLines.count == 2)
    #expect(run.diagnosticLines.allSatisfy { $0.contains("tokens per pass") })
  }

  @Test func `a later message is answered from the cache and as if all were read`() throws {
    let run = try chat(
      "What does the bear eat?\nTell me a story about a fox.\n", ["-n", "20", "--json"])
    let turns = try turns(run)
    try #require(turns.count == 2)
    let prompts = turns.compactMap { $0["prompt_ids"] as? [Int] }
    let answer = try #require(turns[0]["output_ids"] as? [Int])
    #expect(turns[0]["finish_reason"] as? String == "stop")
    #expect(prompts[1].starts(with: prompts[0] + answer))
    #expect(turns.map { $0["turn"] as? Int } == [1, 2])
    #expect(turns[0]["reused_tokens"] as? Int == 0)
    // All but the token that ended the answer, which no pass has read.
    #expect(turns[1]["reused_tokens"] as? Int == prompts[0].count + answer.count - 1)

    let list = prompts[1].map(String.init).joined(separator: ",")
    let fresh = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + ["--prompt-ids", list, "-n", "20", "--json"]
    ).object()
    #expect(turns[1]["output_ids"] as? [Int] == fresh["output_ids"] as? [Int])
    #expect(turns[1]["logits_sha256"] as? String == fresh["logits_sha256"] as? String)
  }

  @Test func `a reset forgets what was said, and an exit ends`() throws {
    let run = try chat("hi\n/reset\nhi\n/exit\nhi\n", ["-n", "20", "--json"])
    let turns = try turns(run)
    try #require(turns.count == 2)
    for key in ["prompt_ids", "output_ids"] {
      #expect(turns[0][key] as? [Int] == turns[1][key] as? [Int])
    }
  }

  @Test func `a system message stands above the conversation, also after a reset`() throws {
    let run = try chat("hi\n/reset\nhi\n", ["-n", "4", "--json", "--system", "You are a fox."])
    let prompts = try turns(run).compactMap { $0["prompt_ids"] as? [Int] }
    let single = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + ["-p", "hi", "-n", "4", "--json", "--system", "You are a fox."]
    ).object()
    #expect(prompts == [single["prompt_ids"] as? [Int], single["prompt_ids"] as? [Int]])
  }

  @Test func `a conversation that fills the context says so and ends`() throws {
    let run = try chat("hi\nTell me a story about a fox.\nhi\n", ["-c", "100"])
    #expect(run.status == 2)
    #expect(run.output.contains("Once upon a time"))
    #expect(run.diagnostics.contains("The context of 100 tokens is full"))
    let last = try #require(run.diagnosticLines.last)
    #expect(last.hasPrefix("lookahead: The conversation has "))
    #expect(last.contains("but the context holds 100"))
  }

  @Test func `a line that is not UTF-8 is refused`() throws {
    let run = try LookaheadProcess.run(
      ["chat"] + LookaheadProcess.tinyLlama, input: [0x68, 0xFF, 0x0A])
    #expect(run.status == 2)
    #expect(run.diagnostics == "lookahead: The line is not UTF-8 text.\n")
  }

  @Test(
    arguments: [
      ("/exit", .exit), (" /reset ", .reset), ("/help", .help), ("", .nothing), (" \t", .nothing),
      ("/frobnicate", .unknownCommand("/frobnicate")), ("/etc/passwd", .message("/etc/passwd")),
      ("/exit now", .message("/exit now")), (" hi", .message(" hi")),
    ] as [(String, ChatInput)])
  func `a line is a command or a message`(line: String, input: ChatInput) {
    #expect(ChatInput(line) == input)
  }
}
