import Foundation
import TestSupport
import Testing

/// Signals that come when nothing more is made: what was made is shown to its end, and what would
/// follow does not begin.
struct LateSignalTests {
  private static let signals: [(Int32, Int32)] = [(SIGINT, 130), (SIGTERM, 143)]
  private static let story = ["-p", "Tell me a story about a fox."]

  /// Runs a program that has to wait with its first output, and sends it a signal meanwhile.
  /// - Returns: what it wrote once it could, and the rest.
  private func interrupted(
    _ arguments: [String], by signal: Int32, input: String = ""
  ) throws -> (text: String, outcome: LookaheadProcess.Outcome) {
    let run = LookaheadProcess(arguments)
    let (full, lines) = (try FullPipe(), Pipe())
    run.process.standardOutput = full.pipe
    run.process.standardInput = lines
    try run.process.run()
    try lines.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try lines.fileHandleForWriting.close()
    Thread.sleep(forTimeInterval: 3 * Sanitizer.patience)
    kill(run.process.processIdentifier, signal)
    Thread.sleep(forTimeInterval: 0.2)
    let text = try full.text()
    let outcome = try run.finishWithoutReader()
    #expect(run.process.terminationReason == .exit)
    return (text, outcome)
  }

  @Test(
    arguments: [
      ["generate", "-n", "4"] + story,
      ["bench", "--rows", "1", "--repeat", "1", "--sweep", "4", "--matmul", "exact"],
      ["tune", "--repeat", "1", "--tokens", "4", "--sizes", "0,3,2"],
    ], signals)
  func `a report is written to its end`(
    command: [String], signal: (number: Int32, status: Int32)
  ) throws {
    let (text, outcome) = try interrupted(
      command + LookaheadProcess.tinyLlama + ["--json"], by: signal.number)
    #expect(outcome.status == signal.status)
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(object?.isEmpty == false)
  }

  @Test(arguments: signals)
  func `the next message is not answered`(signal: Int32, status: Int32) throws {
    let (text, outcome) = try interrupted(
      ["chat", "-n", "1"] + LookaheadProcess.tinyLlama, by: signal,
      input: "Tell me a story about a fox.\nTell me a story about a fox.\n")
    #expect(outcome.status == status)
    #expect(text.filter(\.isNewline).count == 1)
    #expect(outcome.diagnosticLines.count == 1)
    #expect(outcome.diagnostics.contains("finish reason length"))
  }

  @Test(arguments: [[], ["--json"]], signals)
  func `plain decoding does not begin`(
    options: [String], signal: (number: Int32, status: Int32)
  ) throws {
    // With --json nothing is written before everything is done, so nothing can be held up there.
    let output = options.isEmpty ? ["-n", "1"] : ["-n", "1", "--json"]
    let (text, outcome) = try interrupted(
      Self.story + LookaheadProcess.tinyLlama + output + ["--compare"], by: signal.number)
    #expect(outcome.status == signal.status)
    #expect(!text.isEmpty)
    #expect(outcome.diagnostics.contains("nothing was compared") == options.isEmpty)
  }

  @Test func `what a conversation taught is kept between answers`() throws {
    let folder = try TemporaryFolder()
    let run = LookaheadProcess(
      ["chat", "-n", "12"] + LookaheadProcess.tinyLlama,
      environment: ["XDG_CACHE_HOME": folder.path])
    let lines = Pipe()
    run.process.standardInput = lines
    try run.process.run()
    try lines.fileHandleForWriting.write(contentsOf: Data("Tell me a story about a fox.\n".utf8))
    run.waitForDiagnostics()
    Thread.sleep(forTimeInterval: 0.5 * Sanitizer.patience)
    kill(run.process.processIdentifier, SIGINT)
    let outcome = try run.finish()
    #expect(outcome.status == 130)
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.file("lookahead"))
    #expect(kept.map { $0.prefix(9) }.sorted() == ["draft-mem", "step-cost"])
  }

  @Test(arguments: ["INT", "TERM"])
  func `a signal that is to be ignored stays ignored`(name: String) throws {
    let run = LookaheadProcess(
      LookaheadProcess.tinyLlama + Self.story + ["-n", "400", "--ignore-eos"]
        + LookaheadProcess.slowness, shell: #"trap '' \#(name); exec "$0" "$@""#)
    try run.process.run()
    _ = run.firstOutput()
    kill(run.process.processIdentifier, name == "INT" ? SIGINT : SIGTERM)
    let outcome = try run.finish()
    #expect(outcome.status == 0)
    #expect(outcome.diagnostics.contains("finish reason length"))
  }
}
