import ArgumentParser
import Foundation
import Session

struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Remove what drafting has learnt in earlier runs.",
    discussion: """
      generate, chat and tune keep which tokens a model thinks likely after which, in the user's cache \
      folder, to draft from in later runs: statistics of tokens, from which rare pairs of words of earlier \
      texts could be read. This removes them, of all models, or of one. What passes cost stays.

      Examples:
        lookahead forget
        lookahead forget -m model.gguf
      """)

  @Option(
    name: [.customShort("m"), .long],
    help: ArgumentHelp(
      "Only what was learnt of this GGUF file or Hugging Face folder.", valueName: "path"))
  var model: String?

  func run() throws {
    guard let folder = UserCache.folder else {
      throw CommandError("There is no cache folder: neither XDG_CACHE_HOME nor HOME is set.")
    }
    let removed: [String]
    do {
      if let model {
        let cache = try DraftMemoryCache(OpenedModel(path: model), folder: folder)
        removed = try cache.forget() ? [cache.path].compactMap { $0 } : []
      } else {
        removed = try DraftMemoryCache.forgetAll(in: folder)
      }
    } catch let error as CocoaError {
      throw CommandError("What was learnt cannot be removed: \(error.localizedDescription)")
    }
    for path in removed { try Console.write("removed \(path.onOneLine)\n") }
    if removed.isEmpty { try Console.write("nothing was learnt\n") }
  }
}
