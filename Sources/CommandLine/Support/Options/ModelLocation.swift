import Foundation
import Session

/// Which model a command uses, and what named it.
struct ModelLocation: Equatable {
  enum Origin: Equatable {
    case option
    case environment
    /// scripts/fetch-model.sh, which keeps a model in the user's cache folder.
    case fetched
    /// The small model among the sources.
    case fixture
  }

  let path: String
  let origin: Origin

  /// The file that scripts/fetch-model.sh fetches.
  static let fetchedName = "SmolLM2-135M-Instruct.Q4_1.gguf"

  private static let fixture = "Fixtures/tiny-llama"

  /// Finds the model: the option, LOOKAHEAD_MODEL, the fetched model, the fixture model.
  /// - Parameters:
  ///   - option: the value of `--model`.
  ///   - places: where to look for the fixture model, first to last: in each folder and those above.
  ///   - exists: whether there is something at a path.
  /// - Throws: `CommandError.noModel`. A path that was named is not checked.
  static func find(
    option: String?, environment: [String: String], places: [String] = Self.places,
    exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
  ) throws -> ModelLocation {
    if let option { return ModelLocation(path: option, origin: .option) }
    if let path = environment["LOOKAHEAD_MODEL"], !path.isEmpty {
      return ModelLocation(path: path, origin: .environment)
    }
    if let folder = UserCache.folder(environment), exists("\(folder)/\(fetchedName)") {
      return ModelLocation(path: "\(folder)/\(fetchedName)", origin: .fetched)
    }
    for folder in places.lazy.flatMap(foldersUpwards)
    where exists("\(folder)/\(fixture)/config.json") {
      return ModelLocation(path: "\(folder)/\(fixture)", origin: .fixture)
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

  /// A line for standard error; nothing where the user named the model by the option.
  var notice: String? {
    switch origin {
    case .option: nil
    case .environment: "Model: \(path) (LOOKAHEAD_MODEL)"
    case .fetched: "Model: \(path)"
    case .fixture:
      "Model: the small one of the tests, \(path); scripts/fetch-model.sh fetches a real one."
    }
  }
}
