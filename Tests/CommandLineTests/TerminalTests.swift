import Foundation
import TestSupport
import Testing

/// What depends on whether somebody looks, and on signals.
struct TerminalTests {
  // With fixed sizes it does not depend on time how many tokens arrive together.
  private static let arguments =
    LookaheadProcess.tinyLlama
    + ["-p", "Tell me a story about a fox.", "-n", "60", "--schedule", "fixed"]

  private func shown(_ environment: [String: String]) throws -> String {
    let run = LookaheadProcess(Self.arguments, environment: environment)
    return try PseudoTerminal().shown(by: run)
  }

  @Test func `tokens that arrive together are coloured on a terminal`() throws {
    let text = try shown(["TERM": "xterm"])
    #expect(text.contains("\u{1B}[32m"))
    #expect(text.contains("\u{1B}[0m"))
    var plain = text.replacingOccurrences(of: "\r\n", with: "\n")
    for code in ["\u{1B}[32m", "\u{1B}[36m", "\u{1B}[0m"] {
      plain = plain.replacingOccurrences(of: code, with: "")
    }
    #expect(plain == (try LookaheadProcess.run(Self.arguments).output))
  }

  @Test(arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"], [:]])
  func `a terminal that cannot or shall not show colour gets none`(
    _ environment: [String: String]
  ) throws {
    #expect(try !shown(environment).contains("\u{1B}"))
  }

  @Test func `what is not a terminal gets no colour`() throws {
    let run = try LookaheadProcess.run(Self.arguments, environment: ["TERM": "xterm"])
    #expect(!run.output.contains("\u{1B}"))
    #expect(!run.diagnostics.contains("\u{1B}"))
  }

  /// A text that takes long.
  private static let slow =
    LookaheadProcess.tinyLlama + [
      "-p", "Tell me a story about a fox.", "-n", "900", "--ignore-eos",
    ] + LookaheadProcess.slowness

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func `a signal ends the text after the running pass`(signal: Int32, status: Int32) throws {
    let run = LookaheadProcess(Self.slow)
    try run.process.run()
    let begin = run.firstOutput()
    kill(run.process.processIdentifier, signal)
    let outcome = try run.finish()
    #expect(outcome.status == status)
    #expect(run.process.terminationReason == .exit)
    #expect(outcome.diagnostics.contains("finish reason cancelled"))
    let whole = try LookaheadProcess.run(Self.arguments).output
    let text = (begin + outcome.output).dropLast()
    #expect(!text.isEmpty)
    #expect(whole.hasPrefix(text) || text.hasPrefix(whole.dropLast()))
  }

  @Test func `a second signal ends the program at once`() throws {
    // Reading this prompt takes seconds, and no pass ends before that.
    let prompt = (0..<900).map { "\(400 + $0 % 500)" }.joined(separator: ",")
    let run = LookaheadProcess(
      LookaheadProcess.tinyLlama
        + ["--prompt-ids", prompt, "--verbose", "--prefill-chunk", "1024"]
        + LookaheadProcess.slowness)
    try run.process.run()
    run.waitForPromptReading()
    for _ in 0..<2 {
      kill(run.process.processIdentifier, SIGINT)
      Thread.sleep(forTimeInterval: 0.05)
    }
    let outcome = try run.finish()
    #expect(run.process.terminationReason == .uncaughtSignal)
    #expect(outcome.output.isEmpty)
  }

  @Test func `a typed line that is no text is asked for once more`() throws {
    let terminal = try PseudoTerminal()
    let run = LookaheadProcess(["chat"] + LookaheadProcess.tinyLlama + ["-n", "4"])
    run.process.standardInput = terminal.terminal
    run.process.standardError = terminal.terminal
    try run.process.run()
    try terminal.type([0x68, 0xFF, 0x0A])
    try terminal.type("Tell me a story about a fox.\n/exit\n")
    run.process.waitUntilExit()
    #expect(run.process.terminationStatus == 0)
    #expect(run.firstOutput().hasPrefix("Once"))
  }

  @Test func `a reader that goes away ends the program quietly`() throws {
    let run = LookaheadProcess(Self.slow)
    try run.process.run()
    _ = run.firstOutput()
    let outcome = try run.finishWithoutReader()
    #expect(outcome.status == 128 + SIGPIPE)
    #expect(!outcome.diagnostics.contains("lookahead:"))
  }
}
