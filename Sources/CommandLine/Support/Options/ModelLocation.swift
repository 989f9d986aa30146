import Foundation
import Session

/// Which model a command uses.
struct ModelLocation: Equatable {
  let path: String
  /// A line for standard error that says so; nil where the user named the model by the option.
  let notice: String?

  /// The file that scripts/fetch-model.sh fetches into the user's cache folder.
  static let fetchedName = "SmolLM2-135M-Instruct.Q4_1.gguf"

  private static let fixture = "Fixtures/tiny-llama"

  /// Finds the model: the option, LOOKAHEAD_MODEL, the fetched model, the fixture model.
  /// A path that was named is not checked.
  /// - Parameter places: where to look for the fixture model: in each folder and those above.
  static func find(
    option: String?, environment: [String: String], places: [String] = Self.places,
    exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
  ) throws -> ModelLocation {
    if let option { return ModelLocation(path: option, notice: nil) }
    if let path = environment["LOOKAHEAD_MODEL"], !path.isEmpty {
      return ModelLocation(path: path, notice: "Model: \(path) (LOOKAHEAD_MODEL)")
    }
    if let path = UserCache.folder(environment).map({ "\($0)/\(fetchedName)" }), exists(path) {
      return ModelLocation(path: path, notice: "Model: \(path)")
    }
    let fixtures = places.lazy.flatMap(foldersUpwards).map { "\($0)/\(fixture)" }
    if let path = fixtures.first(where: { exists("\($0)/config.json") }) {
      let notice =
        "Model: the small one of the tests, \(path); scripts/fetch-model.sh fetches a real one."
      return ModelLocation(path: path, notice: notice)
    }
    throw CommandError.noModel
  }

  /// The folder of the program, behind links, and the working folder. The place of the sources at
  /// compile time does not count: a program that was moved must not depend on it.
  static var places: [String] {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    return [program?.path, FileManager.default.currentDirectoryPath].compactMap(\.self)
  }

  /// A folder, the one above, and so on up to the root.
  private static func foldersUpwards(from folder: String) -> [String] {
    let parts = folder.split(separator: "/")
    return (0...parts.count).reversed().map { count in
      parts.prefix(count).map { "/" + $0 }.joined()
    }
  }
}
