import ArgumentParser
import Foundation

struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A GGUF file, or a Hugging Face folder (config.json, tokenizer.json, safetensors).",
      valueName: "path"))
  var model: String?

  /// The model to use; says on standard error which it is, unless the user named it.
  func location() throws -> ModelLocation {
    let location = try ModelLocation.find(
      option: model, environment: ProcessInfo.processInfo.environment)
    if let notice = location.notice { Console.note(notice) }
    return location
  }
}
