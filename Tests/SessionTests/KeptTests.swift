import Files
import Foundation
import Lookahead
import Tensor
import TestSupport
import Testing

@testable import Session

/// What sessions keep between runs.
struct KeptTests {
  private static let prompt = Prompt.message("Tell me a story about a fox.")

  private func automatic(_ folder: String) throws -> TextSession {
    let configuration = try LookaheadConfiguration(schedule: .automatic)
    return try SessionFixture.session {
      ($0.lookahead, $0.costFolder) = (configuration, folder)
    }
  }

  /// A file of costs: what a session learns by itself depends on how busy the machine is.
  private func writeCosts(to folder: String) throws -> String {
    let session = try automatic(folder)
    let cache = try StepCostCache(session.opened, session.model, folder: folder)
    let cost = StepCost(level: 2, points: [StepCost.Point(rows: 4, ratio: 1.5, weight: 9)])
    #expect(try cache.write(#require(cost)) == nil)
    return try #require(cache.path)
  }

  @Test func `step costs are kept for the next run, and a damaged file is replaced`() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.file("deep/cache")
    #expect(try automatic(folder).costNote?.text == "what passes cost is not known yet")
    let path = try writeCosts(to: folder)
    let session = try automatic(folder)
    #expect(session.costNote?.text == "what passes cost is known from \(path)")
    #expect(session.costNote?.isWarning == false)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    _ = try session.generate(Self.prompt)
    #expect(try session.save() == nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != before)
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = try automatic(folder)
    #expect(damaged.costNote?.isWarning == true)
    #expect(damaged.costNote?.text.contains("is of no use") == true)
  }

  @Test func `what passes cost is kept for each form of the cache`() throws {
    let opened = try OpenedModel(path: FixturePath.path("tiny-llama"))
    let paths = try KeyValueFormat.allCases.map { format in
      let model = try TestModels.model("tiny-llama", cacheFormat: format)
      return try StepCostCache(opened, model, folder: "folder").path
    }
    #expect(Set(paths).count == 2)
  }

  @Test func `a folder that cannot be made is a warning, once`() throws {
    let folder = try TemporaryFolder()
    let cache = folder.file("cache")
    _ = try writeCosts(to: cache)
    let session = try automatic(cache)
    try FileManager.default.removeItem(atPath: cache)
    try folder.write("a file", to: "cache")
    let warning = try #require(try session.save())
    #expect(warning.hasPrefix("Warning: What passes cost could not be kept in \(cache)/step-cost-"))
    #expect(warning.hasSuffix(": Not a directory."))
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
      throws: OutputFileError(path, reason: "its folder does not exist")
    ) { try SessionFixture.session { $0.poolCache = path } }
  }

  @Test func `the cache folder follows the XDG specification`() {
    #expect(UserCache.folder(["HOME": "/home/u"]) == "/home/u/.cache/lookahead")
    #expect(UserCache.folder(["HOME": "/h", "XDG_CACHE_HOME": "/c"]) == "/c/lookahead")
    #expect(UserCache.folder(["HOME": "/h", "XDG_CACHE_HOME": "c"]) == "/h/.cache/lookahead")
    #expect(UserCache.folder([:]) == nil)
  }
}
