import TestSupport
import Testing

@testable import CommandLineTool

struct ModelLocationTests {
  private func find(
    option: String? = nil, _ environment: [String: String] = [:], existing: Set<String> = []
  ) throws -> ModelLocation {
    try ModelLocation.find(
      option: option, environment: environment, places: ["/a", "/b/build/debug"],
      exists: existing.contains)
  }

  private static let fetched = "/home/u/.cache/lookahead/\(ModelLocation.fetchedName)"
  private static let fixture = "/b/Fixtures/tiny-llama/config.json"

  @Test func `the option comes first, whether it can be read or not`() throws {
    let found = try find(option: "x", ["LOOKAHEAD_MODEL": "y"], existing: [Self.fixture])
    #expect(found == ModelLocation(path: "x", notice: nil))
  }

  @Test func `then the environment, unless it is empty`() throws {
    let found = try find(["LOOKAHEAD_MODEL": "y", "HOME": "/home/u"], existing: [Self.fetched])
    #expect(found == ModelLocation(path: "y", notice: "Model: y (LOOKAHEAD_MODEL)"))
    let empty = try find(["LOOKAHEAD_MODEL": "", "HOME": "/home/u"], existing: [Self.fetched])
    #expect(empty.path == Self.fetched)
  }

  @Test func `then the fetched model in the cache folder`() throws {
    let home = ["HOME": "/home/u"]
    #expect(
      try find(home, existing: [Self.fetched, Self.fixture])
        == ModelLocation(path: Self.fetched, notice: "Model: \(Self.fetched)"))
    let cached = "/cache/lookahead/\(ModelLocation.fetchedName)"
    let cache = home.merging(["XDG_CACHE_HOME": "/cache"]) { $1 }
    #expect(try find(cache, existing: [cached, Self.fetched]).path == cached)
    let relative = home.merging(["XDG_CACHE_HOME": "cache"]) { $1 }
    #expect(try find(relative, existing: [Self.fetched]).path == Self.fetched)
  }

  @Test func `then the fixture model, which is said to be one`() throws {
    let found = try find(["HOME": "/home/u"], existing: [Self.fixture])
    #expect(found.path == "/b/Fixtures/tiny-llama")
    #expect(found.notice?.contains("scripts/fetch-model.sh") == true)
  }

  @Test func `and nothing is an error that says how to get one`() {
    #expect(throws: CommandError.noModel) { try find() }
    #expect("\(CommandError.noModel)".contains("scripts/fetch-model.sh"))
  }

  @Test(arguments: [
    ("/b/build/debug/Fixtures", "/b/build/debug"), ("/b/build/Fixtures", "/b/build"),
    ("/Fixtures", ""),
  ])
  func `the fixture is looked for in every folder upwards`(existing: String, root: String) throws {
    let found = try find(existing: [existing + "/tiny-llama/config.json"])
    #expect(found.path == root + "/Fixtures/tiny-llama")
  }

  @Test func `the nearest folder of the first place counts`() throws {
    let all: Set = ["/a", "/b", "/b/build"].reduce(into: Set<String>()) {
      $0.insert($1 + "/Fixtures/tiny-llama/config.json")
    }
    #expect(try find(existing: all).path == "/a/Fixtures/tiny-llama")
    let second = all.subtracting(["/a/Fixtures/tiny-llama/config.json"])
    #expect(try find(existing: second).path == "/b/build/Fixtures/tiny-llama")
  }

  @Test func `the program finds the sources that it was built in from any working folder`() throws {
    let folder = try TemporaryFolder()
    let run = try LookaheadProcess.run(
      ["inspect"], environment: ["HOME": folder.path, "XDG_CACHE_HOME": ""],
      shell: #"cd / && exec "$0" "$@""#)
    #expect(run.status == 0)
    #expect(run.diagnostics.contains("Model: the small one of the tests, "))
  }
}
