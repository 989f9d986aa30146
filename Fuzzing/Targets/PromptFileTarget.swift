@testable import CommandLineReaders

/// The prompts of `lookahead bench`, one JSON object a line.
enum PromptFileTarget {
  private static let file = FileInMemory()

  static func read(_ input: [UInt8]) throws {
    file.write(input)
    let prompts = try PromptFile.read(file.path)
    precondition(!prompts.isEmpty && prompts.allSatisfy { !$0.prompt.isEmpty })
    precondition(Set(prompts.map(\.id)).count == prompts.count)
  }
}
