import Foundation
import TestSupport
import Testing

/// What drafting learns and keeps, and how it is forgotten, on the fixture model.
struct LearningTests {
  private static let model = ["--model", FixturePath.path("tiny-llama")]
  private static let story =
    LookaheadProcess.tinyLlama + ["--raw", "-p", "The fox", "-n", "30", "--json"]

  private static func names(in folder: borrowing TemporaryFolder) throws -> [String] {
    let path = folder.file("lookahead")
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path).filter {
      $0.hasPrefix("draft-memory-")
    }
  }

  @Test func `a run keeps what it learnt, the text stays the same, and forget removes it`() throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path]
    let runs = try (0..<2).map { _ in
      try LookaheadProcess.run(Self.story, environment: environment).object()
    }
    #expect(try Self.names(in: folder).count == 1)
    #expect(runs[0]["logits_sha256"] as? String == runs[1]["logits_sha256"] as? String)
    let forget = try LookaheadProcess.run(["forget"], environment: environment)
    #expect(
      forget.status == 0 && forget.output.hasPrefix("removed \(folder.path)/lookahead/draft-"))
    #expect(try Self.names(in: folder).isEmpty)
    let again = try LookaheadProcess.run(
      ["forget"] + Self.model, environment: environment)
    #expect(again.status == 0 && again.output == "nothing was learnt\n")
  }

  @Test(arguments: [
    ["--no-learning"], ["--schedule", "fixed"], ["--policy", "paper"],
    ["--decoding", "autoregressive"],
  ])
  func `nothing is learnt where nothing is asked for`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try LookaheadProcess.run(
      Self.story + options, environment: ["XDG_CACHE_HOME": folder.path])
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(try Self.names(in: folder).isEmpty)
  }

  @Test func `verify and trace neither read nor write what was learnt`() throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path]
    let trace = ["trace", "--out", folder.file("trace")] + LookaheadProcess.tinyLlama
    for arguments in [
      trace + ["--raw", "-p", "The fox", "-n", "8"],
      ["verify", "--raw", "-p", "The fox", "-n", "8"] + Self.model,
    ] {
      let run = try LookaheadProcess.run(arguments, environment: environment)
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(try Self.names(in: folder).isEmpty)
    }
  }

  @Test func `a model that cannot be opened is no model to forget`() throws {
    let run = try LookaheadProcess.run(["forget", "-m", "/nonexistent/model.gguf"])
    #expect(run.status == 2 && run.diagnosticLines.count == 1)
  }

  @Test func `bench says what each source of drafts was expected to bring, and what it brought`()
    throws
  {
    let folder = try TemporaryFolder()
    let prompts = try folder.write(
      #"{"id": "a", "chat": false, "prompt": "The fox"}"# + "\n"
        + #"{"id": "b", "chat": false, "prompt": "The fox and"}"#, to: "prompts.jsonl")
    let bench =
      ["bench", "--prompts", prompts, "--tokens", "40", "--clock", "1:4,8:5,16:9"]
      + LookaheadProcess.tinyLlama
    for learning in ["off", "cold", "warm", "kept"] {
      let run = try LookaheadProcess.run(
        bench + ["--json", "--learning", learning],
        environment: ["XDG_CACHE_HOME": folder.path])
      let prompts = try #require(try run.object()["prompts"] as? [String: Any])
      let settings = try #require(prompts["settings"] as? [[String: Any]])
      #expect(settings[0]["learning"] as? String == learning)
      let groups = try #require(settings[0]["groups"] as? [[String: Any]])
      let drafts = try #require(groups[0]["drafts"] as? [String: [String: Any]])
      #expect(groups[0]["different"] as? Int == 0)
      #expect(drafts.values.allSatisfy { ($0["expected"] as? Double ?? -1) >= 0 })
      if learning == "off" { #expect(drafts["successors"] == nil) }
      if learning == "warm" { #expect(drafts["successors"] != nil) }
    }
    let fixed = try LookaheadProcess.run(bench + ["--learning", "warm", "-N", "3"])
    #expect(fixed.status == 64 && fixed.diagnostics.contains("needs the automatic schedule"))
  }
}
