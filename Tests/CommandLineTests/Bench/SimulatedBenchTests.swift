import Foundation
import TestSupport
import Testing

/// `lookahead bench --clock` and `--ablation`, on the fixture model.
struct SimulatedBenchTests {
  private static let curve = "1:18.3,2:19.7,4:22.4,8:23.5,12:26.1,16:31,24:38.3,32:48.5"

  private func bench(_ arguments: [String]) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      ["bench"] + LookaheadProcess.tinyLlama
        + ["--prompts", FixturePath.path("prompts.jsonl"), "--tokens", "24"] + arguments)
  }

  private func settings(_ run: LookaheadProcess.Outcome) throws -> [[String: Any]] {
    let prompts = try #require(try run.object()["prompts"] as? [String: Any])
    return try #require(prompts["settings"] as? [[String: Any]])
  }

  @Test func `on a simulated clock the same tables come out each time`() throws {
    let first = try bench(["--clock", Self.curve])
    #expect(first.status == 0, "\(first.diagnostics)")
    #expect(first.output.contains("simulated time, milliseconds by rows 1:18.3,2:19.7,"))
    #expect(first.output.contains("mean speed-up"))
    for words in ["A pass over T rows", "read bandwidth", "loaded in"] {
      #expect(!first.output.contains(words))
    }
    #expect(
      try bench(["--clock", Self.curve, "--threads", "2"]).output.split(separator: "\n")
        .dropFirst(2) == first.output.split(separator: "\n").dropFirst(2))
  }

  @Test(arguments: [1, 3]) func `simulated seconds follow from passes and rows`(
    rounds: Int
  ) throws {
    // Where every pass costs the same, the speed-up is tokens a pass, both after the first; the run
    // of median time is one of the runs.
    let run = try bench(["--clock", "1:10", "--rounds", "\(rounds)", "--json"])
    let prompts = try #require(try run.object()["prompts"] as? [String: Any])
    #expect(prompts["rounds"] as? Int == rounds)
    let results = try #require(try settings(run).first?["results"] as? [[String: Any]])
    #expect(results.count == 14)
    for result in results {
      let tokens = try #require(result["tokens"] as? Int)
      let passes = try #require(result["passes"] as? Int)
      guard tokens > 1 else { continue }
      let plain = try #require(result["plain_seconds"] as? Double)
      let lookahead = try #require(result["lookahead_seconds"] as? Double)
      #expect(abs(plain - 0.01 * Double(tokens - 1)) < 1e-9)
      #expect(abs(lookahead - 0.01 * Double(passes - 1)) < 1e-9)
    }
    #expect(results.contains { $0["passes"] as? Int != $0["tokens"] as? Int })
  }

  @Test func `where no pass is timed there is no chart, and that is said`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("cost.svg")
    let run = try bench(["--clock", "1:10", "--tokens", "4", "--svg", path])
    #expect(run.status == 0)
    #expect(run.diagnostics == "No pass was timed, so \(path) was not written.\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a model whose context holds none of the usual passes can be decoded with`() throws {
    let folder = try TemporaryFolder()
    try MinimalTextModel.write(to: folder, vocabularySize: 1_024)
    let prompts = try folder.write(
      #"{"id": "a", "chat": false, "prompt": "hi"}"#, to: "prompts.jsonl")
    let run = try LookaheadProcess.run([
      "bench", "-m", folder.path, "-t", "1", "--prompts", prompts, "--clock", "1:1e9", "--json",
    ])
    #expect(run.status == 0, "\(run.diagnostics)")
    #expect(try settings(run).count == 1)
  }

  @Test func `an ablation tells what each part brings, each setting checked`() throws {
    let arguments = ["--ablation", "--clock", Self.curve, "-W", "2", "-N", "4", "-G", "3"]
    let all = try settings(bench(arguments + ["--json"]))
    let parts = ["all sources", "window", "prompt", "prompt and output", "no tree"]
    let learning = [
      "and successors, cold", "and successors, warm", "successors alone, warm",
    ]
    #expect(
      all.map { $0["name"] as? String }
        == (parts + learning).map { "auto, \($0)" } + parts.map { "2,4,3, \($0)" })
    #expect(all.map { $0["schedule"] as? String }.filter { $0 == "fixed" }.count == parts.count)
    #expect(all.filter { $0["tree"] as? Bool == false }.count == 2)
    for setting in all {
      let results = try #require(setting["results"] as? [[String: Any]])
      #expect(results.count == 14)
      #expect(
        results.allSatisfy {
          $0["tokens_equal"] as? Bool == true && $0["logits_equal"] as? Bool == true
        })
    }
    // Without shared rows the same candidates need more of them.
    func rows(_ name: String) throws -> Double {
      let setting = try #require(all.first { $0["name"] as? String == name })
      let group = try #require((setting["groups"] as? [[String: Any]])?.first)
      return try #require(group["rows_per_pass"] as? Double)
    }
    #expect(try rows("2,4,3, no tree") > rows("2,4,3, all sources"))
    let table = try bench(arguments).output
    for words in ["auto, window", "2,4,3, no tree", "mean speed-up"] {
      #expect(table.contains(words))
    }
  }
}
