import Foundation
import Lookahead
import TestSupport
import Testing

@testable import Session

/// What sessions keep between runs.
struct KeptTests {
  private static let prompt = Prompt.message("Tell me a story about a fox.")

  private func automatic(_ folder: String) throws -> TextSession {
    let configuration = try LookaheadConfiguration(schedule: .automatic)
    return try SessionFixture.session {
      ($0.lookahead, $0.costFolder, $0.maximumTokens) = (configuration, folder, 60)
    }
  }

  /// A session that has learnt what passes of several rows cost.
  private func learnt(_ folder: String) throws -> TextSession {
    let session = try automatic(folder)
    for _ in 0..<3 { _ = try session.generate(Self.prompt) }
    return session
  }

  @Test func `step costs are kept for the next run, and a damaged file is replaced`() throws {
    let folder = try TemporaryFolder()
    let session = try learnt(folder.file("deep/cache"))
    #expect(session.costNote?.text == "what passes cost is not known yet")
    #expect(try session.save() == nil)
    let cache = try StepCostCache(
      session.opened, session.model, folder: folder.file("deep/cache"))
    let path = try #require(cache.path)
    // Passes of several rows may not have run on a busy machine: then there is nothing to keep.
    try #require(FileManager.default.fileExists(atPath: path))
    let next = try automatic(folder.file("deep/cache"))
    #expect(next.costNote?.text == "what passes cost is known from \(path)")
    #expect(next.costNote?.isWarning == false)
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = try automatic(folder.file("deep/cache"))
    #expect(damaged.costNote?.isWarning == true)
    #expect(damaged.costNote?.text.contains("is of no use") == true)
  }

  @Test func `a folder that cannot be made is a warning, once`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a file", to: "file")
    let session = try learnt(folder.file("file/cache"))
    let warning = try #require(try session.save())
    #expect(warning.hasPrefix("Warning: What passes cost could not be kept in \(folder.path)"))
    #expect(try session.save() == nil)
  }

  @Test func `nothing is read or written under the fixed schedule`() throws {
    let folder = try TemporaryFolder()
    let session = try SessionFixture.session { $0.costFolder = folder.file("cache") }
    _ = try session.generate(Self.prompt)
    #expect(try session.save() == nil && session.costNote == nil)
    #expect(!FileManager.default.fileExists(atPath: folder.file("cache")))
  }

  @Test func `texts of earlier runs are drafts: the same text takes fewer passes`() throws {
    let folder = try TemporaryFolder()
    let texts = try (0..<2).map { _ in
      let session = try SessionFixture.session { $0.poolCache = folder.file("pool") }
      let text = try session.generate(Self.prompt)
      try session.save()
      return text
    }
    #expect(texts[0].result.tokens == texts[1].result.tokens)
    #expect(texts[1].result.passes < texts[0].result.passes)
  }

  @Test func `a pool cache that cannot be written is refused before any text is made`() {
    let path = "/nonexistent/pool"
    #expect(
      throws: EarlierTextsError.cannotWrite(path: path, reason: "its folder does not exist")
    ) { try SessionFixture.session { $0.poolCache = path } }
  }

  @Test func `the cache folder follows the XDG specification`() {
    #expect(UserCache.folder(["HOME": "/home/u"]) == "/home/u/.cache/lookahead")
    #expect(UserCache.folder(["HOME": "/h", "XDG_CACHE_HOME": "/c"]) == "/c/lookahead")
    #expect(UserCache.folder(["HOME": "/h", "XDG_CACHE_HOME": "c"]) == "/h/.cache/lookahead")
    #expect(UserCache.folder([:]) == nil)
  }
}
