import Foundation

/// Which model a command works on, and why that one.
struct ModelLocation: Equatable {
  /// What named the model.
  enum Origin: Equatable {
    /// `--model`.
    case option
    /// The environment variable LOOKAHEAD_MODEL.
    case environment
    /// The real model that scripts/fetch-model.sh keeps in the user's cache folder.
    case fetched
    /// The small model that comes with the sources.
    case fixture
  }

  /// A GGUF file or a folder.
  let path: String
  /// What named it.
  let origin: Origin

  /// The file that scripts/fetch-model.sh fetches.
  static let fetchedName = "SmolLM2-135M-Instruct.Q4_1.gguf"

  /// Finds the model: the option, LOOKAHEAD_MODEL, the fetched model, the fixture model.
  /// - Parameters:
  ///   - option: the value of `--model`.
  ///   - environment: the environment variables.
  ///   - fixtureRoots: folders of which one may hold `Fixtures/tiny-llama`, likeliest first.
  ///   - exists: whether there is something at a path.
  /// - Throws: `CommandError.noModel`. Whether a path that was named can be read is not looked at.
  static func find(
    option: String?, environment: [String: String], fixtureRoots: [String],
    exists: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
  ) throws -> ModelLocation {
    if let option { return ModelLocation(path: option, origin: .option) }
    if let path = environment["LOOKAHEAD_MODEL"], !path.isEmpty {
      return ModelLocation(path: path, origin: .environment)
    }
    if let fetched = fetchedPath(environment), exists(fetched) {
      return ModelLocation(path: fetched, origin: .fetched)
    }
    let fixtures = fixtureRoots.map { $0 + "/Fixtures/tiny-llama" }
    if let fixture = fixtures.first(where: { exists($0 + "/config.json") }) {
      return ModelLocation(path: fixture, origin: .fixture)
    }
    throw CommandError.noModel
  }

  /// Where the fetched model would be. A relative XDG_CACHE_HOME counts as none, as the XDG base
  /// directory specification wants it.
  static func fetchedPath(_ environment: [String: String]) -> String? {
    cacheFolder(environment).map { "\($0)/\(fetchedName)" }
  }

  /// This program's folder in the user's cache folder.
  static func cacheFolder(_ environment: [String: String]) -> String? {
    var cache = environment["XDG_CACHE_HOME"] ?? ""
    if !cache.hasPrefix("/") {
      guard let home = environment["HOME"], !home.isEmpty else { return nil }
      cache = home + "/.cache"
    }
    return "\(cache)/lookahead"
  }

  /// Where the sources may be: where this file was compiled, above the program, and here.
  static var fixtureRoots: [String] {
    let source = URL(fileURLWithPath: #filePath)
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath()
    // Sources/CommandLine/ModelLocation.swift: two folders up.
    return ancestors(of: source).dropFirst(2).prefix(1) + (program.map(ancestors) ?? []) + ["."]
  }

  /// The folder that a file is in, the one above, and so on.
  private static func ancestors(of file: URL) -> [String] {
    var parts = file.pathComponents.dropFirst()
    var folders: [String] = []
    while !parts.isEmpty {
      parts.removeLast()
      folders.append("/" + parts.joined(separator: "/"))
    }
    return folders
  }

  /// For standard error; nothing where the user named the model.
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
