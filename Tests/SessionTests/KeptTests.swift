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
      ($0.lookahead, $0.cacheFolder) = (configuration, folder)
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
    #expect(try automatic(folder).keptNotes.first?.text == "what passes cost is not known yet")
    let path = try writeCosts(to: folder)
    let session = try automatic(folder)
    #expect(session.keptNotes.first?.text == "what passes cost is known from \(path)")
    #expect(session.keptNotes.first?.isWarning == false)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    _ = try session.generate(Self.prompt)
    #expect(try session.save() == nil)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != before)
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = try automatic(folder)
    #expect(damaged.keptNotes.first?.isWarning == true)
    #expect(damaged.keptNotes.first?.text.contains("is of no use") == true)
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

  /// What is kept of the fixture model in a folder.
  private func memory(in folder: String) throws -> (count: Int, note: KeptNote) {
    let opened = try OpenedModel(path: FixturePath.path("tiny-llama"))
    let (memory, note) = try DraftMemoryCache(opened, folder: folder).read()
    return (memory.count, note)
  }

  @Test func `what drafting learnt is kept for the next run, and a damaged file is replaced`()
    throws
  {
    let temporary = try TemporaryFolder()
    let folder = temporary.file("deep/cache")
    let first = try automatic(folder)
    #expect(first.keptNotes.last?.text == "what drafting learnt is not known yet")
    let text = try first.generate(Self.prompt)
    #expect(try first.save() == nil)
    let kept = try memory(in: folder)
    #expect(kept.count > 10 && kept.note.text.hasPrefix("what drafting learnt is known from"))
    let second = try automatic(folder)
    #expect(second.keptNotes.last == kept.note)
    #expect(try second.generate(Self.prompt).result.tokens == text.result.tokens)
    let opened = try OpenedModel(path: FixturePath.path("tiny-llama"))
    let path = try #require(try DraftMemoryCache(opened, folder: folder).path)
    try Data("LOOKDRAF".utf8).write(to: URL(fileURLWithPath: path))
    let damaged = try memory(in: folder)
    #expect(damaged.count == 0 && damaged.note.isWarning)
    #expect(
      damaged.note.text
        == "Warning: \(path) is of no use, so what drafting learnt is learnt anew: it does not begin as one."
    )
    let third = try automatic(folder)
    _ = try third.generate(Self.prompt)
    #expect(try third.save() == nil)
    // How many rows passes have, and so what is learnt, goes by time.
    #expect(try memory(in: folder).count > 10)
  }

  @Test func `two runs at once keep what both learnt`() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.file("cache")
    let sessions = try (0..<2).map { _ in try automatic(folder) }
    var alone: [Int] = []
    for (session, text) in zip(sessions, ["Tell me a story about a fox.", "12 + 30 = ?"]) {
      _ = try session.generate(.message(text))
      alone.append(try #require(session.withDecoder { $0.draftMemory }).count)
      #expect(try session.save() == nil)
    }
    let both = try memory(in: folder).count
    #expect(both > alone[0] && both > alone[1] && both <= alone[0] + alone[1])
    // Saving again what is in the file already changes nothing.
    #expect(try sessions[0].save() == nil)
    #expect(try memory(in: folder).count == both)
  }

  @Test func `a session that is told not to learn neither reads nor writes`() throws {
    let folder = try TemporaryFolder()
    let configuration = try LookaheadConfiguration(schedule: .automatic)
    let session = try SessionFixture.session {
      ($0.lookahead, $0.cacheFolder, $0.learns) = (configuration, folder.path, false)
    }
    _ = try session.generate(Self.prompt)
    #expect(try session.save() == nil && session.keptNotes.count == 1)
    #expect(session.withDecoder { $0.draftMemory } == nil)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.allSatisfy { $0.hasPrefix("step-cost-") })
  }

  @Test func `what was learnt can be forgotten, of one model or of all`() throws {
    let folder = try TemporaryFolder()
    let session = try automatic(folder.path)
    _ = try session.generate(Self.prompt)
    try session.save()
    let cache = try DraftMemoryCache(session.opened, folder: folder.path)
    #expect(try cache.forget() && !cache.forget())
    #expect(try memory(in: folder.path).count == 0)
    try session.save()
    #expect(try DraftMemoryCache.forgetAll(in: folder.path) == [cache.path])
    #expect(try DraftMemoryCache.forgetAll(in: folder.path).isEmpty)
    #expect(try DraftMemoryCache.forgetAll(in: folder.file("none")).isEmpty)
  }

  @Test func `nothing is read or written under the fixed schedule`() throws {
    let folder = try TemporaryFolder()
    let session = try SessionFixture.session { $0.cacheFolder = folder.file("cache") }
    _ = try session.generate(Self.prompt)
    #expect(try session.save() == nil && session.keptNotes.isEmpty)
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
