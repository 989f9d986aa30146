import Foundation
import TestSupport

/// Runs of the built program, as a user's shell would start it.
struct LookaheadProcess {
  /// What a run left behind.
  struct Outcome {
    /// The exit status.
    let status: Int32
    /// Standard output.
    let output: String
    /// Standard error.
    let diagnostics: String

    /// The lines of standard error.
    var diagnosticLines: [Substring] { diagnostics.split(separator: "\n") }

    /// Standard output as one JSON object.
    func object() throws -> [String: Any] {
      let json = try JSONSerialization.jsonObject(with: Data(output.utf8))
      guard let object = json as? [String: Any] else { throw Failure.notAnObject(output) }
      return object
    }
  }

  /// Why a run cannot be judged.
  enum Failure: Error {
    /// Standard output is not a JSON object.
    case notAnObject(String)
  }

  /// The fixture model, as arguments; one thread, since tests run beside each other.
  static let tinyLlama = ["--model", FixturePath.path("tiny-llama"), "--threads", "1"]

  /// Options that make text slowly: without the CPU's vector instructions or, where no CPU is without,
  /// with passes far larger than is useful.
  #if arch(x86_64)
    static let slowness = ["--instruction-set", "portable"]
  #else
    static let slowness = ["-W", "16", "-N", "8", "-G", "16"]
  #endif

  /// The process, started or not.
  let process = Process()
  private let output = Pipe()
  private let diagnostics = Pipe()

  /// A run that has not started.
  /// - Parameters:
  ///   - environment: the variables it sees beside PATH and those of a sanitizer; there is no home
  ///     folder in which a model might lie.
  ///   - program: another build of the program than the tests' own.
  ///   - shell: a line of shell that runs it as `"$0" "$@"`, to set limits or to feed it.
  init(
    _ arguments: [String], environment: [String: String] = [:], program: URL? = nil,
    shell: String? = nil
  ) {
    let program = program ?? Self.executable
    _ = Self.heedSignals
    process.executableURL = shell == nil ? program : URL(fileURLWithPath: "/bin/sh")
    process.arguments = (shell.map { ["-c", $0, program.path] } ?? []) + arguments
    var variables = environment
    // Options of AddressSanitizer are for this program as much as for the tests.
    for name in ["PATH", "ASAN_OPTIONS"] where variables[name] == nil {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = diagnostics
  }

  /// Runs to the end.
  static func run(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:],
    program: URL? = nil, shell: String? = nil
  ) throws -> Outcome {
    let run = LookaheadProcess(
      arguments, environment: environment, program: program, shell: shell)
    let inputPipe = Pipe()
    run.process.standardInput = inputPipe
    try run.process.run()
    // Inputs are small enough for the pipe to hold; a program that has ended has no need of them.
    try? inputPipe.fileHandleForWriting.write(contentsOf: Data(input))
    try inputPipe.fileHandleForWriting.close()
    return try run.finish()
  }

  /// Waits for standard output to hold something and returns it.
  func firstOutput() -> String {
    String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
  }

  /// Waits for standard error to hold something.
  func waitForDiagnostics() { _ = diagnostics.fileHandleForReading.availableData }

  /// Waits until `generate --verbose` reads its prompt, which begins a moment after it has said how long
  /// the prompt is.
  func waitForPromptReading() {
    waitForDiagnostics(with: "prompt of ")
    Thread.sleep(forTimeInterval: 0.2)
  }

  /// Waits until standard error has said these words.
  func waitForDiagnostics(with words: String) {
    var text = ""
    while !text.contains(words) {
      let more = diagnostics.fileHandleForReading.availableData
      if more.isEmpty { return }
      text += String(decoding: more, as: UTF8.self)
    }
  }

  /// Reads no more of standard output and waits for the end.
  func finishWithoutReader() throws -> Outcome {
    try output.fileHandleForReading.close()
    return try outcome(output: Data())
  }

  /// Waits for the end.
  func finish() throws -> Outcome {
    try outcome(output: try output.fileHandleForReading.readToEnd() ?? Data())
  }

  private func outcome(output text: Data) throws -> Outcome {
    let notes = try diagnostics.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      diagnostics: String(decoding: notes, as: UTF8.self))
  }

  /// Once for all runs: whoever started the tests may have signals ignored, which programs inherit.
  private static let heedSignals: Void = {
    for number in [SIGINT, SIGTERM] { _ = signal(number, SIG_DFL) }
  }()

  /// The optimised program, if it was built.
  static let releaseProgram = URL(fileURLWithPath: FixturePath.root)
    .deletingLastPathComponent().appendingPathComponent(".build/release/lookahead")

  /// The program, which lies where the tests do.
  static let executable: URL = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
    let tests = bundle?.bundleURL ?? Bundle.main.executableURL ?? Bundle.main.bundleURL
    return tests.deletingLastPathComponent().appendingPathComponent("lookahead")
  }()
}
