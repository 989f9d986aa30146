import Foundation
import TestSupport
import Testing

/// Pipes that answer at once where others would wait: another program that has them too set them so.
struct NonBlockingTests {
  private static let story =
    LookaheadProcess.tinyLlama + ["-n", "12", "-p", "Tell me a story about a fox."]

  @Test func `standard output that is full for a while`() throws {
    let run = LookaheadProcess(Self.story)
    let full = try FullPipe(answersAtOnce: true)
    run.process.standardOutput = full.pipe
    try run.process.run()
    Thread.sleep(forTimeInterval: 1)
    let text = try full.text()
    #expect(try run.finishWithoutReader().status == 0)
    #expect(text == (try LookaheadProcess.run(Self.story).output))
  }

  @Test func `standard input that has nothing for a while`() throws {
    let run = LookaheadProcess(Self.story.dropLast(2) + ["--prompt-file", "-"])
    let input = Pipe()
    let descriptor = input.fileHandleForReading.fileDescriptor
    try #require(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0)
    run.process.standardInput = input
    try run.process.run()
    Thread.sleep(forTimeInterval: 1)
    try input.fileHandleForWriting.write(contentsOf: Data("Tell me a story about a fox.".utf8))
    try input.fileHandleForWriting.close()
    let outcome = try run.finish()
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    #expect(outcome.output == (try LookaheadProcess.run(Self.story).output))
  }
}
