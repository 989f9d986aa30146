import Foundation
import TestSupport
import Testing

/// Model files that are cut short while the program has them open: never the end by a signal.
struct ChangedModelTests {
  private func copy(_ source: String, to folder: TemporaryFolder) throws -> String {
    let path = folder.file("model.gguf")
    try FileManager.default.copyItem(atPath: source, toPath: path)
    return path
  }

  @Test func `a file that shrinks while text is made does not matter to the text`() throws {
    let folder = try TemporaryFolder()
    let path = try copy(FixturePath.path("gguf/llama3.gguf"), to: folder)
    let arguments = ["-m", path, "-t", "1", "--prompt-ids", "1,2,3", "-n", "100", "--ignore-eos"]
    let whole = try LookaheadProcess.run(arguments)
    let run = LookaheadProcess(arguments)
    try run.process.run()
    let begin = run.firstOutput()
    #expect(truncate(path, 1_000) == 0)
    let outcome = try run.finish()
    #expect(outcome.status == 0)
    #expect(begin + outcome.output == whole.output)
  }

  @Test(
    .enabled(if: TestModels.smolLM2Path != nil, "the real model has not been fetched"),
    arguments: [0.05, 0.15, 0.3, 0.5])
  func `a file that shrinks while it is loaded is refused`(seconds: Double) throws {
    let folder = try TemporaryFolder()
    let path = try copy(TestModels.smolLM2Path ?? "", to: folder)
    let run = LookaheadProcess(["-m", path, "-p", "Hi", "-n", "2", "--matmul", "blas", "-t", "1"])
    try run.process.run()
    Thread.sleep(forTimeInterval: seconds)
    #expect(truncate(path, 1 << 20) == 0)
    let outcome = try run.finish()
    #expect(run.process.terminationReason == .exit)
    // A fast machine has loaded it by now, a slow one has not opened it.
    #expect([0, 2].contains(outcome.status))
    if outcome.status == 2 {
      #expect(outcome.diagnosticLines.last?.hasPrefix("lookahead: \(path)") == true)
    }
  }
}
