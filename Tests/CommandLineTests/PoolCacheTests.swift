import Foundation
import TestSupport
import Testing

/// `--pool-cache`, on the fixture model.
struct PoolCacheTests {
  private func generate(_ arguments: [String]) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + ["-p", "Tell me a story about a fox.", "-n", "40"] + arguments)
  }

  @Test func `a second run takes fewer passes for the same text`() throws {
    let folder = try TemporaryFolder()
    // The automatic schedule goes by the time of passes, and may stake nothing on a busy machine.
    let arguments = ["--json", "--schedule", "fixed", "--pool-cache", folder.file("pool")]
    let first = try generate(arguments).object()
    let second = try generate(arguments).object()
    #expect(first["text"] as? String == second["text"] as? String)
    #expect(first["logits_sha256"] as? String == second["logits_sha256"] as? String)
    let passes = try [first, second].map { try #require($0["passes"] as? Int) }
    #expect(passes[1] < passes[0])
  }

  @Test func `a file that is no pool cache is refused and stays as it is`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("not a pool cache", to: "pool")
    let run = try generate(["--pool-cache", path])
    #expect(run.status == 2 && run.output.isEmpty)
    #expect(
      run.diagnostics.contains("\(path): the file is not a pool cache: it does not begin as one."))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "not a pool cache")
  }

  @Test(arguments: [[], ["--json"]])
  func `a file that could not be written is refused before any text is made`(
    options: [String]
  ) throws {
    let folder = try TemporaryFolder()
    for (path, reason) in [
      ("/nonexistent/pool", "its folder does not exist"), (folder.path, "is a folder"),
    ] {
      let run = try generate(["--pool-cache", path] + options)
      #expect(run.status == 2 && run.output.isEmpty)
      #expect(run.diagnosticLines.count == 1)
      #expect(run.diagnostics.contains(path) && run.diagnostics.contains(reason))
    }
  }

  @Test func `tokens that the model has and its tokenizer lacks are kept and read`() throws {
    let folder = try TemporaryFolder()
    try MinimalTextModel.write(to: folder, vocabularySize: 1_100)
    for _ in 0..<2 {
      let run = try LookaheadProcess.run([
        "-m", folder.path, "-t", "1", "--prompt-ids", "1,3", "-n", "3", "--ignore-eos", "--json",
        "--logit-bias", "1090=100000", "--pool-cache", folder.file("pool"),
      ])
      #expect(run.status == 0, "\(run.diagnostics)")
      #expect(try run.object()["output_ids"] as? [Int] == [1090, 1090, 1090])
    }
  }

  @Test func `it is refused where it would be of no use`() throws {
    for arguments in [
      ["--policy", "lade"], ["--policy", "paper"], ["--decoding", "autoregressive"],
    ] {
      #expect(try generate(["--pool-cache", "pool"] + arguments).status == 64)
    }
  }
}
