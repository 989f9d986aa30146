import ArgumentParser
import Foundation

/// Which model to use.
struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A GGUF file, or a Hugging Face folder (config.json, tokenizer.json, safetensors).",
      valueName: "path"))
  var model: String?

  /// The model to use; says on standard error which it is, where the user did not.
  func location() throws -> ModelLocation {
    let location = try ModelLocation.find(
      option: model, environment: ProcessInfo.processInfo.environment,
      fixtureRoots: ModelLocation.fixtureRoots)
    if let notice = location.notice { Console.note(notice) }
    return location
  }
}
