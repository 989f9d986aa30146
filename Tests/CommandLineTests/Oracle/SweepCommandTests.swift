import Foundation
import Llama
import Oracle
import Tensor
import TestSupport
import Testing

/// `lookahead sweep` as a program, on the fixture model.
struct SweepCommandTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("sweep") }
  private static let prompt = ["--prompt-ids", "459,457,262,455"]

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ arguments: [String], model: [String] = LookaheadProcess.tinyLlama
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(["sweep"] + arguments + model)
  }

  /// Makes a sweep.
  private func make(_ options: [String] = ["--rows", "2,4"]) throws -> SweepPlan {
    let outcome = try run(Self.prompt + ["--out", path] + options)
    try #require(outcome.status == 0, "\(outcome.diagnostics)")
    return try SweepPlan(folder: path)
  }

  /// Runs the passes on the library's model, as an engine would, and writes the logits.
  private func compute(_ plan: SweepPlan, changing change: (Int, inout [Float]) -> Void) throws {
    let model = try TestModels.model("tiny-llama", threads: 1)
    for sweep in plan.sweeps {
      var cache = model.makeCache()
      _ = try model.forward(
        PassRequest(causal: plan.prefix, cachedCount: 0, logitRows: []), cache: &cache)
      try cache.keep(newRows: Array(plan.prefix.indices))
      var logits: [Float] = []
      for pass in sweep.passes {
        let rows = Array(pass.tokens.indices)
        let request = PassRequest(
          causal: pass.tokens, cachedCount: pass.cachedCount, logitRows: rows)
        logits += try model.forward(request, cache: &cache).elements
        try cache.keep(newRows: rows)
      }
      change(sweep.rows, &logits)
      let tensor = SafetensorsWriter.Tensor(
        "logits", shape: [plan.continuation.count, model.vocabularySize], values: logits)
      try folder.write(
        SafetensorsWriter([tensor]).bytes(), to: "sweep/rows-\(sweep.rows).safetensors")
    }
  }

  @Test func `a sweep has the model's own continuation`() throws {
    let outcome = try run(Self.prompt + ["--out", path, "--json"])
    #expect(outcome.status == 0 && outcome.diagnostics.isEmpty, "\(outcome.diagnostics)")
    let object = try outcome.object()
    #expect(
      Set(object.keys) == [
        "folder", "bytes", "prefix_ids", "continuation_ids", "rows", "passes",
      ])
    #expect(object["rows"] as? [Int] == [1, 2, 3, 4, 8, 16, 32])
    #expect(object["passes"] as? Int == 32 + 16 + 11 + 8 + 4 + 2 + 1)
    let generated = try LookaheadProcess.run(
      ["generate", "--json", "--ignore-eos", "-n", "32", "--decoding", "autoregressive"]
        + Self.prompt + LookaheadProcess.tinyLlama)
    let text = try generated.object()
    #expect(object["continuation_ids"] as? [Int] == text["output_ids"] as? [Int])
    let plan = try SweepPlan(folder: path)
    #expect(plan.continuation == text["output_ids"] as? [Int])
    #expect(plan.prefix == [459, 457, 262, 455])
    #expect(plan.model.sha256 == (text["model"] as? [String: Any])?["sha256"] as? String)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sweep"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["sweep.json"])
  }

  @Test func `one sentence says what comes next`() throws {
    let outcome = try run(Self.prompt + ["--out", path, "--rows", "8,2", "-n", "10"])
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    #expect(outcome.diagnosticLines.count == 1)
    #expect(
      outcome.diagnostics.contains("10 tokens behind a prefix of 4, in passes of 1, 2, 8 rows"))
    #expect(outcome.diagnostics.contains("lookahead sweep --read \(path)."))
  }

  @Test func `an engine whose rows do not depend on each other`() throws {
    try compute(try make()) { _, _ in }
    let outcome = try run(["--read", path])
    #expect(outcome.status == 0 && outcome.diagnostics.isEmpty, "\(outcome.diagnostics)")
    #expect(outcome.output.contains("rows  compared  other bits"))
    #expect(
      outcome.output.hasSuffix(
        "all 4 rows have the same bits alone and among 2 and 4 rows.\n"), "\(outcome.output)")
  }

  @Test func `one whose bits do, and one whose choices do`() throws {
    let plan = try make(["--rows", "2,4,8"])
    try compute(plan) { rows, logits in
      if rows >= 4 { logits[5 * 1024 + 17] = logits[5 * 1024 + 17].nextUp }
    }
    let bits = try run(["--read", path])
    #expect(bits.status == 1 && bits.diagnostics.isEmpty)
    #expect(bits.output.contains("bits change from 4 rows on"), "\(bits.output)")
    #expect(bits.output.contains("No choice changes"))

    try compute(plan) { rows, logits in
      if rows == 8 { logits[5 * 1024 + 17] = 1_000 }
    }
    let choices = try run(["--read", path])
    #expect(choices.status == 1)
    #expect(choices.output.contains("row 5 (position 9), among 8 rows: token 17 "))
    #expect(
      choices.output.contains("That alone flips a token of this text: behind position 9 (row 5)"))
    let json = try run(["--read", path, "--json"])
    #expect(json.status == 1)
    let object = try json.object()
    #expect(object["verdict"] as? String == "choices")
    #expect(object["choices_change_from"] as? Int == 8 && object["values_change_from"] as? Int == 8)
    let figures = try #require(object["figures"] as? [[String: Any]])
    let flips = try #require(figures.last?["flips"] as? [[String: Any]])
    #expect(flips.count == 1 && flips[0]["among"] as? Int == 17)
    let reference = try #require(flips[0]["reference"] as? [String: Any])
    #expect(reference["place_of_alone"] as? Int == 1)
    #expect((reference["place_of_among"] as? Int ?? 0) > 1)
  }

  @Test func `another model than the sweep's is refused`() throws {
    try compute(try make()) { _, _ in }
    let other = ["--model", FixturePath.path("tiny-llama3")]
    let outcome = try run(["--read", path], model: other)
    #expect(outcome.status == 2 && outcome.diagnosticLines.count == 1)
    #expect(outcome.diagnostics.contains("The sweep was made with tiny-llama (SHA-256 "))
    #expect(outcome.diagnostics.contains("not with tiny-llama3"))
  }

  @Test func `a folder is replaced only with force`() throws {
    _ = try make()
    let again = try run(Self.prompt + ["--out", path])
    #expect(again.status == 2 && again.diagnostics.contains("with --force"))
    try folder.write("x", to: "sweep/rows-2.npy")
    #expect(try run(Self.prompt + ["--out", path, "--force"]).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["sweep.json"])
    try folder.write("x", to: "sweep/thesis.txt")
    let kept = try run(Self.prompt + ["--out", path, "--force"])
    #expect(
      kept.status == 2 && kept.diagnostics.contains("thesis.txt, which is no file of a sweep"))
    #expect(FileManager.default.fileExists(atPath: path + "/thesis.txt"))
  }

  @Test func `where the context ends the usual rows are fewer, given ones are refused`() throws {
    let long = ["--prompt-ids", Array(repeating: "5", count: 1_019).joined(separator: ",")]
    let usual = try run(long + ["--out", path])
    #expect(usual.status == 0)
    #expect(usual.diagnostics.contains("Note: 5 tokens of continuation fill no pass of 32 rows"))
    #expect(try SweepPlan(folder: path).sweeps.map(\.rows) == [1, 2, 3, 4])
    let given = try run(long + ["--out", folder.file("b"), "--rows", "8"])
    #expect(given.status == 2)
    #expect(given.diagnostics.contains("5 tokens do not fill a pass of 8 rows"))
    let full = try run(
      ["--prompt-ids", Array(repeating: "5", count: 1_023).joined(separator: ",")]
        + ["--out", folder.file("c")])
    #expect(full.status == 2 && full.diagnostics.contains("leaves no room for a pass of two rows"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sweep"])
  }

  @Test(arguments: [
    (["--prompt-ids", ""], "The prompt has no tokens"),
    (["--prompt-ids", "5000"], "Token id 5000 is outside the vocabulary"),
    (["--read", "/nonexistent"], "/nonexistent/sweep.json cannot be opened"),
    (["--read", "/"], "/sweep.json cannot be opened"),
    (["-p", "a", "-o", "/nonexistent/sweep"], "/nonexistent/sweep cannot be written"),
  ])
  func `bad input is one sentence, and nothing is left`(arguments: [String], words: String) throws {
    let isRead = arguments.contains("--read") || arguments.contains("-o")
    let outcome = try run(arguments + (isRead ? [] : ["--out", path]))
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.diagnosticLines.count == 1)
    #expect(outcome.diagnostics.contains(words), "\(outcome.diagnostics)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(arguments: [
    ([], "A folder is needed: --out or --read"), (["-p", "a"], "A folder is needed"),
    (["-o", "x"], "A prompt is needed"), (["-o", "", "-p", "a"], "name of the folder is empty"),
    (["-o", "x", "--read", "x"], "Only one of --out and --read"),
    (["--read", "x", "-p", "a"], "--read takes prompt and rows from the folder, so --prompt"),
    (["--read", "x", "--rows", "2"], "so --rows cannot be given"),
    (["--read", "x", "--force", "--raw"], "so --force, --raw cannot be given"),
    (["-o", "x", "-p", "a", "--rows", "1"], "give a number of rows beside 1"),
    (["-o", "x", "-p", "a", "--rows", "0"], "must be from 1 to 512"),
    (["-o", "x", "-p", "a", "--rows", "2,x"], "'2,x' is invalid"),
    (["-o", "x", "-p", "a", "--rows", "513"], "must be from 1 to 512"),
    (["-o", "x", "-p", "a", "-n", "0"], "must be from 1 to 4096"),
    (["-o", "x", "-p", "a", "--kv-cache", "float16"], "so --kv-cache cannot be given"),
    (["-o", "x", "-p", "a", "--matmul", "int8"], "nknown option '--matmul'"),
  ])
  func `wrong usage`(arguments: [String], words: String) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 64, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains(words), "\(outcome.diagnostics)")
  }
}
