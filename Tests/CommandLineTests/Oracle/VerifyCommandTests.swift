import Foundation
import Oracle
import Tensor
import TestSupport
import Testing

/// `lookahead verify` as a program.
struct VerifyCommandTests {
  private static let tinyLlama = ["--model", FixturePath.path("tiny-llama")]
  /// Prompt, and settings that take no time.
  private static let small =
    ["--prompt-ids", "5,6,7,5,6,7,5,6", "-n", "12", "--ignore-eos", "--threads-list", "1"]
    + ["--instruction-sets", InstructionSet.best.rawValue, "--weights", "stored"]

  /// The numbers from 0 on.
  private static func list(_ count: Int) -> String {
    (0..<count).map(String.init).joined(separator: ",")
  }

  private func verify(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(["verify"] + Self.tinyLlama + arguments, environment: environment)
  }

  private func certificate(_ run: LookaheadProcess.Outcome) throws -> Certificate {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Certificate.self, from: Data(run.output.utf8))
  }

  @Test func `a sample of all that there is, on a few prompts, is found equal`() throws {
    let run = try verify(["--random", "16", "-n", "10"])
    #expect(run.status == 0)
    #expect(run.diagnostics.isEmpty)
    let lines = run.output.split(separator: "\n")
    #expect(
      lines.first == "All 16 runs gave the tokens and, bit for bit, the logits of plain decoding.")
    let inspected = try LookaheadProcess.run(["inspect"] + Self.tinyLlama + ["--json"]).object()
    let sha256 = try #require((inspected["model"] as? [String: Any])?["sha256"] as? String)
    #expect(lines.contains { $0.hasPrefix("model SHA-256 ") && $0.hasSuffix(sha256) })
    for id in ["prose", "steps", "code", "rewriting"] {
      #expect(lines.contains { $0.hasPrefix(id + " ") })
    }
  }

  @Test func `a grid of one prompt as JSON, with the digest that generate has`() throws {
    let run = try verify(
      Self.small + [
        "--grid", "--windows", "0,3", "--ngrams", "3,4", "--candidates", "0,4", "--chunks",
        "3,whole", "--json",
      ])
    #expect(run.status == 0)
    #expect(run.output.filter(\.isNewline).count == 1)
    let certificate = try certificate(run)
    #expect(certificate.verdict == .equal && certificate.matmul == .exact)
    // Standard has 8 sizes in two layouts and two schedules; lade 2 sizes. Two chunks; plain
    // decoding in one of them.
    #expect(certificate.plan.runs == (8 * 4 + 2) * 2 + 1)
    #expect(certificate.compared.runs == certificate.plan.runs)
    #expect(certificate.plan.impossible == (8 * 4 - 2) * 2)
    #expect(certificate.compared.tokens == 12 * certificate.plan.runs)
    #expect(certificate.prompts.map(\.prompt) == [[5, 6, 7, 5, 6, 7, 5, 6]])
    let generated = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + [
        "--prompt-ids", "5,6,7,5,6,7,5,6", "-n", "12", "--ignore-eos", "--decoding",
        "autoregressive", "--json",
      ]
    ).object()
    #expect(certificate.logitsSha256 == generated["logits_sha256"] as? String)
    #expect(certificate.prompts[0].logitsSha256 == certificate.logitsSha256)
  }

  @Test func `the same seed verifies the same, and drawn tokens are verified too`() throws {
    let arguments =
      Self.small + ["--random", "12", "--temperature", "0.8", "--seed", "3", "--json"]
    let first = try certificate(verify(arguments))
    #expect(first.verdict == .equal && first.plan.sampling.temperature == 0.8)
    let second = try certificate(verify(arguments))
    #expect(first.coverage == second.coverage && first.logitsSha256 == second.logitsSha256)
    let other = try certificate(verify(arguments.map { $0 == "3" ? "4" : $0 }))
    #expect(first.logitsSha256 != other.logitsSha256)
  }

  @Test func `runs with a float16 cache are equal to plain decoding with one`() throws {
    let arguments = Self.small + ["--random", "12", "--json"]
    let halves = try certificate(verify(arguments + ["--kv-cache", "float16"]))
    #expect(halves.verdict == .equal && halves.kvCache == .float16)
    let floats = try certificate(verify(arguments))
    #expect(floats.verdict == .equal && floats.kvCache == nil)
    #expect(halves.logitsSha256 != floats.logitsSha256)
  }

  @Test func `a file of prompts takes turns, and the environment names the instructions`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      """
      {"id": "fox", "chat": false, "prompt": "Once upon a time there was a fox."}
      {"id": "owl", "chat": true, "prompt": "Tell me a story about an owl."}

      """, to: "prompts.jsonl")
    let run = try verify(
      ["--prompts", file, "--random", "7", "-n", "6", "--json"],
      environment: ["LOOKAHEAD_ISA": "portable"])
    let certificate = try certificate(run)
    #expect(certificate.prompts.map(\.id) == ["fox", "owl"])
    #expect(certificate.prompts.map(\.runs) == [4, 3])
    #expect(certificate.plan.space.instructionSets == [.portable])
  }

  @Test func `with OpenBLAS nothing is promised, and a difference is shown as small as it can be`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = folder.file("counterexample")
    let arguments = ["--matmul", "blas", "--random", "40", "-n", "12", "--out", path]
    let run = try verify(arguments + ["--json"])
    #expect(run.diagnostics.contains("equal up to rounding"))
    let certificate = try certificate(run)
    #expect(certificate.matmul == .blas)
    // OpenBLAS rounds as it likes: on some CPU a row may not depend on the others.
    guard let example = certificate.counterExample else {
      #expect(run.status == 0 && certificate.verdict == .equal)
      return
    }
    #expect(run.status == 1 && certificate.verdict == .different)
    #expect(example.trace == path)
    let pass = try #require(example.pass)
    let trace = try Trace(folder: path)
    #expect(trace.passes.count == pass.index + 1)
    #expect(trace.header.arithmetic == .blas && trace.header.prompt == example.prompt)
    let again = try #require(try run.object()["repeat_with"] as? [String])
    let repeated = try LookaheadProcess.run(
      again + ["--out", folder.file("again")])
    #expect(repeated.status == 1)
    #expect(repeated.output.contains("other logits for token \(example.difference.index)"))
    // A folder that is there is not replaced, and nothing is run.
    let refused = try verify(arguments)
    #expect(refused.status == 2 && refused.output.isEmpty)
    #expect(refused.diagnosticLines.count == 1 && refused.diagnostics.contains("exists already"))
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal prints what was verified by then`(signal: Int32, status: Int32) throws {
    // The name of the model is said before anything is done.
    let run = LookaheadProcess(
      ["verify", "--random", "2000", "-n", "400", "--ignore-eos", "--json"],
      environment: ["LOOKAHEAD_MODEL": FixturePath.path("tiny-llama")])
    try run.process.run()
    run.waitForDiagnostics()
    Thread.sleep(forTimeInterval: 4)
    kill(run.process.processIdentifier, signal)
    let outcome = try run.finish()
    #expect(outcome.status == status)
    #expect(run.process.terminationReason == .exit)
    let certificate = try certificate(outcome)
    #expect(certificate.verdict == .incomplete)
    #expect(certificate.compared.runs < certificate.plan.runs)
    #expect(certificate.sentence.hasPrefix("Interrupted: "))
  }

  @Test(
    arguments: [
      ["--windows", "-1"], ["--windows", "1,,2"], ["--ngrams", "1"], ["--candidates", "x"],
      ["--policies", "none"], ["--schedules", "automatic"], ["--chunks", "0"],
      ["--threads-list", "0"], ["--instruction-sets", "avx"], ["--weights", "f16"],
      ["--kv-cache", "f16"],
      ["--random", "0"], ["--grid", "--random", "5"], ["-n", "0"], ["--temperature", "-1"],
      ["--prompts", "a.jsonl", "--prompt", "b"], ["--windows", "5000"],
      ["--grid", "--policies", "lade", "--windows", "0", "--chunks", "whole", "--threads-list"]
        + ["1", "--instruction-sets", InstructionSet.best.rawValue, "--weights", "stored"],
      ["--out", ""], ["--raw"], ["--system", "x"], ["--prompts", "a.jsonl", "--raw"],
      ["--random", "1000001"], ["--random", "9223372036854775807"],
      ["--windows", list(2_000), "--candidates", list(2_000), "--ngrams", "2"],
    ])
  func `wrong usage`(options: [String]) throws {
    let run = try verify(options)
    #expect(run.status == 64, "\(options)")
    #expect(run.output.isEmpty && run.diagnosticLines.count == 1)
    #expect(run.diagnostics.hasSuffix("; see lookahead verify --help.\n"))
  }

  @Test func `input that cannot be verified is refused in one sentence`() throws {
    for arguments in [
      ["--prompts", "/nonexistent"], ["--prompt-ids", ""], ["--prompt-ids", "99999"],
      ["--prompt-ids", Array(repeating: "1", count: 5_000).joined(separator: ",")],
    ] {
      let run = try verify(arguments)
      #expect(run.status == 2, "\(arguments)")
      #expect(run.output.isEmpty && run.diagnosticLines.count == 1)
    }
  }
}
