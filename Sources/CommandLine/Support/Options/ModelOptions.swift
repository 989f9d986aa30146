import ArgumentParser
import Foundation
import Session

struct ModelOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "A GGUF file, or a Hugging Face folder (config.json, tokenizer.json, safetensors).",
      valueName: "path"))
  var model: String?

  /// Opens the model; says on standard error which it is, unless the user named it.
  func open() throws -> OpenedModel {
    let location = try ModelLocation.find(
      option: model, environment: ProcessInfo.processInfo.environment)
    if let notice = location.notice { Console.note(notice) }
    return try OpenedModel(path: location.path)
  }
}
