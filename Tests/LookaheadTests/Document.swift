import Foundation
import TestSupport

/// A document of the repository.
struct Document: CustomStringConvertible {
  /// The path from the top of the repository.
  let path: String
  /// Its text.
  let text: String

  /// The top of the repository.
  static let root = URL(fileURLWithPath: FixturePath.root).deletingLastPathComponent()

  /// Reads a document.
  /// - Parameter path: from the top of the repository.
  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: Document.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Every document in README's folder and in docs.
  static func all() throws -> [Document] {
    let pages = files(under: "docs").filter { $0.hasSuffix(".md") }
    return try (["README.md", "CHANGELOG.md", "Fixtures/README.md"] + pages.sorted()).map {
      try Document($0)
    }
  }

  /// All files under a folder of the repository.
  static func files(under folder: String) -> [String] {
    // Resolved, since a folder that is a symbolic link would not be entered.
    let start = root.appendingPathComponent(folder).resolvingSymlinksInPath().path
    let names = FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
    return names.map { folder + "/" + $0 }
  }

  /// The contents of the code blocks marked as being in a language.
  func codeBlocks(_ language: String) -> [String] {
    text.components(separatedBy: "\n```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  var description: String { path }
}
