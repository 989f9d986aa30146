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
    try OpenedModel(path: path())
  }

  /// Opens the tokenizer and the chat template, which need no model.
  func openText() throws -> OpenedText {
    try OpenedText(path: path())
  }

  private func path() throws -> String {
    let location = try ModelLocation.find(
      option: model, environment: ProcessInfo.processInfo.environment)
    if let notice = location.notice { Console.note(notice) }
    if Self.looksRemote(location.path) {
      throw CommandError(
        "There is no \(location.path) here, and models are read from files: download it first, and "
          + "name the GGUF file or the folder.")
    }
    return location.path
  }

  /// Whether a path that is not there has the form of an address, or of a name on a hub: owner/name.
  private static func looksRemote(_ path: String) -> Bool {
    if FileManager.default.fileExists(atPath: path) { return false }
    if path.contains("://") { return true }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && !path.hasPrefix(".") && !path.hasPrefix("~")
      && parts.allSatisfy { !$0.isEmpty } && !parts[1].hasSuffix(".gguf")
      && !FileManager.default.fileExists(atPath: String(parts[0]))
  }
}
