import Foundation
import Oracle
import TestSupport
import Testing

/// `lookahead trace` and `lookahead forward` as programs, on the fixture model.
struct TraceCommandTests {
  static let prompt = ["--prompt-ids", "459,457,262,455,459,457", "-n", "6"]

  /// Runs a command of this suite into a new folder.
  private func run(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(
      arguments + LookaheadProcess.tinyLlama + ["--out", folder.file("trace")])
  }

  @Test(arguments: ["lookahead", "forward"])
  func `the committed traces are what their commands write`(name: String) throws {
    let root = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent().path
    let page = try String(contentsOfFile: root + "/docs/trace-format.md", encoding: .utf8)
    let prefix = ".build/release/lookahead "
    let line = try #require(
      page.split(separator: "\n").first {
        $0.hasPrefix(prefix) && $0.hasSuffix(" --out Fixtures/trace/\(name)")
      })
    let folder = try TemporaryFolder()
    let words = line.dropFirst(prefix.count).split(separator: " ").dropLast(2)
    let arguments = words.map {
      $0.hasPrefix("Fixtures/") ? "\(root)/\($0)" : String($0)
    }
    let outcome = try LookaheadProcess.run(
      arguments + ["--threads", "1", "--out", folder.file("trace")])
    #expect(outcome.status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("trace")).sorted()
    let committed = FixturePath.path("trace/\(name)")
    #expect(names == (try FileManager.default.contentsOfDirectory(atPath: committed).sorted()))
    for name in names {
      let files = try [folder.file("trace"), committed].map {
        try Data(contentsOf: URL(fileURLWithPath: "\($0)/\(name)"))
      }
      #expect(files[0] == files[1], "\(name)")
    }
  }

  @Test func `one sentence on standard error says what was written`() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(["trace"] + Self.prompt, in: folder)
    #expect(outcome.status == 0)
    #expect(outcome.output.isEmpty)
    let passes = try Trace(folder: folder.file("trace")).passes.count
    #expect(outcome.diagnostics.hasPrefix("Traced 6 tokens in \(passes) passes: "))
    #expect(outcome.diagnostics.hasSuffix(" kB in \(folder.file("trace")).\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["trace"])
  }

  @Test(arguments: [[], ["--plain"], ["--decoding", "autoregressive"], ["-W", "4", "-N", "4"]])
  func `a trace has the text and the logits of generate`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let traced = try run(["trace", "--json"] + Self.prompt + options, in: folder)
    let generated = try LookaheadProcess.run(
      ["generate", "--json"] + Self.prompt + LookaheadProcess.tinyLlama)
    let (a, b) = (try traced.object(), try generated.object())
    #expect(
      Set(a.keys) == [
        "folder", "passes", "bytes", "output_ids", "finish_reason", "logits_sha256",
      ])
    #expect(a["output_ids"] as? [Int] == b["output_ids"] as? [Int])
    #expect(a["logits_sha256"] as? String == b["logits_sha256"] as? String)
    #expect(traced.diagnostics.isEmpty)
    let trace = try Trace(folder: folder.file("trace"))
    #expect(trace.tokens == a["output_ids"] as? [Int])
    #expect(trace.header.model.sha256 == (b["model"] as? [String: Any])?["sha256"] as? String)
    #expect((trace.header.decoder == .plain) == (options.count < 3 && !options.isEmpty))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("trace"))
    let sizes = try names.map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("trace/\($0)"))).count
    }
    #expect(a["bytes"] as? Int == sizes.reduce(0, +))
  }

  @Test func `the reference writes the same passes in Double`() throws {
    let folders = try [TemporaryFolder(), TemporaryFolder()]
    let options = ["--layers", "--attention", "1,4", "--all-logits"]
    let fast = try run(["trace"] + Self.prompt + options, in: folders[0])
    let reference = try run(["trace", "--reference"] + Self.prompt + options, in: folders[1])
    #expect(fast.status == 0 && reference.status == 0)
    let traces = try folders.map { try Trace(folder: $0.file("trace")) }
    #expect(traces[0].passes == traces[1].passes)
    #expect(traces.map(\.header.arithmetic) == [.exact, .reference])
    let tensors = try folders.map {
      try SafetensorsReader(path: $0.file("trace/pass-00001.safetensors")).tensor("attention.4")
    }
    #expect(tensors.map(\.type) == ["F32", "F64"])
    #expect(tensors[0].shape == tensors[1].shape)
  }

  @Test(arguments: [["trace"] + prompt, ["forward", "--tokens", "459,457"]])
  func `a trace names a float16 cache`(command: [String]) throws {
    let folders = try [TemporaryFolder(), TemporaryFolder()]
    let halves = try run(command + ["--kv-cache", "float16"], in: folders[0])
    let floats = try run(command + ["--kv-cache", "float32"], in: folders[1])
    #expect(halves.status == 0 && floats.status == 0)
    let traces = try folders.map { try Trace(folder: $0.file("trace")) }
    #expect(traces.map(\.header.kvCache) == [.float16, nil])
    let json = try JSONTree(path: folders[0].file("trace/trace.json"))
    let root = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent().path
    let schema = try JSONSchema(path: root + "/docs/trace-schema.json")
    #expect(schema.complaints(about: json).isEmpty)
    let numbers = try folders.map {
      try Data(contentsOf: URL(fileURLWithPath: $0.file("trace/pass-00000.safetensors")))
    }
    #expect(numbers[0] != numbers[1])
  }

  @Test func `an existing trace is replaced only with force`() throws {
    let folder = try TemporaryFolder()
    let first = try run(["trace"] + Self.prompt, in: folder)
    #expect(first.status == 0)
    let second = try run(["forward", "--tokens", "1"], in: folder)
    #expect(second.status == 2)
    #expect(second.diagnostics.contains("exists already"))
    let third = try run(["forward", "--tokens", "1", "--force"], in: folder)
    #expect(third.status == 0)
    #expect(try Trace(folder: folder.file("trace")).header.decoder == .forward)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["trace"])
  }

  @Test(arguments: [
    (["trace", "--prompt-ids", "1,5000"], "Token id 5000 is outside the vocabulary"),
    (["trace", "--prompt-ids", ""], "The prompt has no tokens"),
    (["trace", "--prompt-ids", "1", "--attention", "5"], "the model has the blocks 1 to 4"),
    (["forward", "--tokens", "5000"], "Token id 5000 is outside the vocabulary"),
    (["forward", "--tokens", "1,2", "--positions", "0"], "2 tokens, 1 positions"),
    (["forward", "--tokens", "1,2", "--positions", "0,1024"], "Position 1024 is outside"),
    (["forward", "--tokens", "1,2", "--logit-rows", "2"], "of row 2, but the pass has 2 rows"),
    (["forward", "--tokens", "1", "--prefix-tokens", "-1"], "Token id -1 is outside"),
    (["forward", "--tokens", "1", "--mask", "/nonexistent/mask"], "/nonexistent/mask cannot be"),
    (["forward", "--tokens", "1", "--mask", "/"], "/ is a folder"),
  ])
  func `input that cannot be used is refused, and nothing is left`(
    arguments: [String], words: String
  ) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(arguments, in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.diagnosticLines.count == 1)
    #expect(outcome.diagnostics.hasPrefix("lookahead: "))
    #expect(outcome.diagnostics.contains(words), "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.hasSuffix(".\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a mask that hides everything from a row is refused`() throws {
    let folder = try TemporaryFolder()
    let mask = try folder.write("[[0]]", to: "mask.json")
    let outcome = try run(["forward", "--tokens", "1", "--mask", mask], in: folder)
    #expect(outcome.status == 2)
    #expect(outcome.diagnostics.contains("Row 0 of the mask sees no key"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["mask.json"])
  }

  @Test(arguments: [
    (["trace", "-p", "hi", "--schedule", "auto"], "automatic schedule"),
    (["trace", "-p", "hi", "--pool-cache", "x"], "--pool-cache"),
    (["trace", "-p", "hi", "--reference", "--matmul", "blas"], "--matmul"),
    (["trace", "-p", "hi", "--reference", "--weights", "stored"], "--weights"),
    (["forward", "--tokens", "1", "--reference", "--kv-cache", "float32"], "--kv-cache"),
    (
      ["forward", "--tokens", "1", "--reference", "--instruction-set", "portable"],
      "--instruction-set"
    ),
    (["trace", "-p", "hi", "--plain", "-W", "3"], "--plain makes one token a pass"),
    (["forward"], "--tokens"), (["forward", "--tokens", ""], "at least one token"),
    (["forward", "--tokens", "1,x"], "'1,x'"), (["trace"], "A prompt is needed"),
  ])
  func `wrong usage`(arguments: [String], words: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(arguments, in: folder)
    #expect(outcome.status == 64)
    #expect(outcome.diagnostics.contains(words), "\(outcome.diagnostics)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a folder that cannot be written is named`() throws {
    for path in ["/nonexistent/trace", "/dev/full/trace", "/proc/trace"] {
      let outcome = try LookaheadProcess.run(
        ["trace"] + Self.prompt + LookaheadProcess.tinyLlama + ["--out", path])
      #expect(outcome.status == 2)
      #expect(outcome.diagnostics.hasPrefix("lookahead: \(path) cannot be written: "))
    }
  }

  @Test(.enabled(if: !Sanitizer.isActive, "\(Sanitizer.comment)"))
  func `where no more may be written, a sentence says so and nothing is left`() throws {
    let folder = try TemporaryFolder()
    let program = URL(fileURLWithPath: "/bin/sh")
    let command = LookaheadProcess.executable.path
    // Files of 8 blocks of 512 bytes at the most: the first logits are larger.
    let outcome = try LookaheadProcess.run(
      ["-c", "ulimit -f 8; exec \"$0\" \"$@\"", command, "trace"] + Self.prompt
        + LookaheadProcess.tinyLlama + ["--out", folder.file("trace")], program: program)
    #expect(outcome.status == 2)
    #expect(
      outcome.diagnostics.contains("pass-00000.safetensors cannot be written: File too large"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
