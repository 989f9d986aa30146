import Foundation
import TestSupport
import Testing

/// Ctrl-C and SIGTERM in every state that a command can be in. What they do to a text that is being
/// made is in TerminalTests.swift.
struct InterruptionTests {
  private static let signals: [(Int32, Int32)] = [(SIGINT, 130), (SIGTERM, 143)]

  /// A prompt whose reading takes seconds, in passes of a few tokens.
  private static let longPrompt: [String] = {
    let ids = (0..<900).map { "\(400 + $0 % 500)" }.joined(separator: ",")
    return ["--prompt-ids", ids, "--prefill-chunk", "4", "--verbose"] + LookaheadProcess.slowness
  }()

  @Test(arguments: signals)
  func `while input is waited for`(signal: Int32, status: Int32) throws {
    for command in [["--prompt-file", "-"], ["chat"]] {
      let run = LookaheadProcess(
        command.filter { $0 == "chat" } + LookaheadProcess.tinyLlama
          + command.filter { $0 != "chat" } + ["-n", "4"])
      let input = Pipe()
      run.process.standardInput = input
      try run.process.run()
      Thread.sleep(forTimeInterval: 1)
      kill(run.process.processIdentifier, signal)
      let outcome = try run.finish()
      #expect(outcome.status == status)
      #expect(run.process.terminationReason == .exit)
      #expect(outcome.diagnostics == "lookahead: Interrupted.\n")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `while a long prompt is turned into tokens`() throws {
    let folder = try TemporaryFolder()
    // Without a space in it, so that all of it is one piece to merge.
    let path = try folder.write([UInt8](repeating: 0x61, count: 30_000_000), to: "prompt")
    let run = LookaheadProcess(LookaheadProcess.tinyLlama + ["--prompt-file", path])
    try run.process.run()
    Thread.sleep(forTimeInterval: 0.7)
    let begin = ContinuousClock.now
    kill(run.process.processIdentifier, SIGINT)
    let outcome = try run.finish()
    #expect(ContinuousClock.now - begin < .seconds(5))
    #expect(outcome.status == 130 && outcome.diagnostics == "lookahead: Interrupted.\n")
  }

  @Test(
    .enabled(if: TestModels.smolLM2Path != nil, "the real model has not been fetched"),
    arguments: [0.05, 0.2, 0.4])
  func `while a model is loaded`(seconds: Double) throws {
    let run = LookaheadProcess([
      "-m", TestModels.smolLM2Path ?? "", "-p", "Hi", "-n", "200", "--matmul", "blas", "-t", "1",
    ])
    try run.process.run()
    Thread.sleep(forTimeInterval: seconds)
    kill(run.process.processIdentifier, SIGTERM)
    let outcome = try run.finish()
    // On a fast machine it may be loaded by now.
    #expect(outcome.status == 143)
    #expect(
      outcome.diagnostics == "lookahead: Interrupted.\n"
        || outcome.diagnostics.contains("finish reason cancelled"))
  }

  @Test(arguments: signals)
  func `while the prompt is read`(signal: Int32, status: Int32) throws {
    let run = LookaheadProcess(LookaheadProcess.tinyLlama + Self.longPrompt)
    try run.process.run()
    run.waitForPromptReading()
    kill(run.process.processIdentifier, signal)
    let outcome = try run.finish()
    #expect(outcome.status == status)
    #expect(outcome.output == "\n")
    #expect(outcome.diagnostics.contains("0 tokens, 0 passes"))
    #expect(outcome.diagnostics.contains("finish reason cancelled"))
  }

  @Test func `while the prompt is read, as JSON`() throws {
    let run = LookaheadProcess(LookaheadProcess.tinyLlama + Self.longPrompt + ["--json"])
    try run.process.run()
    run.waitForPromptReading()
    kill(run.process.processIdentifier, SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 130)
    let object = try outcome.object()
    #expect(object["finish_reason"] as? String == "cancelled")
    #expect(object["output_ids"] as? [Int] == [])
    #expect(object["passes"] as? Int == 0)
    #expect((object["seconds"] as? [String: Double])?["prefill"] ?? 0 > 0)
  }

  @Test(arguments: [["bench", "--rows", "1", "--sweep", "4"], ["tune"]], signals)
  func `while something is measured, what there is is shown`(
    command: [String], signal: (number: Int32, status: Int32)
  ) throws {
    let folder = try TemporaryFolder()
    let run = LookaheadProcess(
      command + LookaheadProcess.tinyLlama + [
        "--repeat", "100000", "--json", "--svg", folder.file("cost.svg"),
      ])
    try run.process.run()
    Thread.sleep(forTimeInterval: 3 * Sanitizer.patience)
    kill(run.process.processIdentifier, signal.number)
    let outcome = try run.finish()
    #expect(outcome.status == signal.status)
    #expect(run.process.terminationReason == .exit)
    #expect(!(try outcome.object()).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["cost.svg"])
  }

  @Test(arguments: ["trace", "forward"], signals)
  func `while a trace is made, nothing half-written is left`(
    command: String, signal: (number: Int32, status: Int32)
  ) throws {
    let folder = try TemporaryFolder()
    let ids = (0..<600).map { "\(400 + $0 % 500)" }.joined(separator: ",")
    let run = LookaheadProcess(
      [command] + LookaheadProcess.tinyLlama + LookaheadProcess.slowness + [
        command == "trace" ? "--prompt-ids" : "--tokens", ids, "-o", folder.file("trace"),
      ] + (command == "trace" ? ["--prefill-chunk", "4", "-n", "9"] : []))
    try run.process.run()
    // The folder has another name until it is whole.
    while try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty,
      run.process.isRunning
    {
      Thread.sleep(forTimeInterval: 0.01)
    }
    kill(run.process.processIdentifier, signal.number)
    let outcome = try run.finish()
    #expect(outcome.status == signal.status)
    #expect(run.process.terminationReason == .exit)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    // Of a text there is a beginning, of a pass there is none.
    #expect(left == (command == "trace" ? ["trace"] : []))
    let said = command == "trace" ? "Traced 0 tokens in " : "lookahead: Interrupted."
    #expect(outcome.diagnosticLines.last?.hasPrefix(said) == true, "\(outcome.diagnostics)")
  }

  @Test func `a message whose reading was interrupted has not been said`() throws {
    let terminal = try PseudoTerminal()
    let run = LookaheadProcess(
      ["chat"] + LookaheadProcess.tinyLlama + [
        "-n", "8", "--json", "--verbose", "--prefill-chunk", "1",
      ] + LookaheadProcess.slowness)
    run.process.standardInput = terminal.terminal
    try run.process.run()
    let long = "Tell me " + String(repeating: "a story about ", count: 150) + "a fox."
    try terminal.type(long + "\n")
    run.waitForDiagnostics(with: " products on ")
    Thread.sleep(forTimeInterval: 0.4 * Sanitizer.patience)
    kill(run.process.processIdentifier, SIGINT)
    let first = run.firstOutput()
    #expect(first.contains(#""finish_reason":"cancelled""#) && first.contains(#""output_ids":[]"#))
    try terminal.type("hi\n/exit\n")
    let outcome = try run.finish()
    #expect(outcome.status == 0)
    let prompt = try #require(try outcome.object()["prompt_ids"] as? [Int])
    let single = try LookaheadProcess.run(
      LookaheadProcess.tinyLlama + ["-p", "hi", "-n", "8", "--json"]
    ).object()
    #expect(prompt == single["prompt_ids"] as? [Int])
  }
}
