import Llama

@testable import Oracle

/// What `lookahead diagnose` reads of another engine.
enum EngineTarget {
  private static let file = FileInMemory()
  private static let vocabularySize = 300

  static func readText(_ input: [UInt8]) throws {
    file.write(input)
    let output = try EngineOutput.read(
      file.path, tokenizer: Fixtures.tokenizers[0], vocabularySize: vocabularySize)
    precondition(!output.tokens.isEmpty)
    precondition(output.tokens.allSatisfy { 0..<vocabularySize ~= $0 })
    precondition(!output.withoutPrompt([1, 2]).tokens.isEmpty)
  }

  static func readSteps(_ input: [UInt8]) throws {
    file.write(input)
    let steps = try EngineStep.read(file.path, vocabularySize: vocabularySize)
    precondition(!steps.isEmpty)
    for step in steps {
      precondition(step.acceptedCount >= 0)
      precondition((step.drafts.joined() + step.tokens).allSatisfy { 0..<vocabularySize ~= $0 })
    }
    precondition(EngineStep.starts(steps, in: [1, 2, 3]).count == steps.count)
  }
}
