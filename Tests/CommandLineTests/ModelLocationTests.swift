import Testing

@testable import CommandLineTool

struct ModelLocationTests {
  private func find(
    option: String? = nil, _ environment: [String: String] = [:], existing: Set<String> = []
  ) throws -> ModelLocation {
    try ModelLocation.find(
      option: option, environment: environment, fixtureRoots: ["/a", "/b"],
      exists: existing.contains)
  }

  private static let fetched = "/home/u/.cache/lookahead/\(ModelLocation.fetchedName)"
  private static let fixture = "/b/Fixtures/tiny-llama/config.json"

  @Test func `the option comes first, whether it can be read or not`() throws {
    let found = try find(option: "x", ["LOOKAHEAD_MODEL": "y"], existing: [Self.fixture])
    #expect(found == ModelLocation(path: "x", origin: .option))
    #expect(found.notice == nil)
  }

  @Test func `then the environment, unless it is empty`() throws {
    let found = try find(["LOOKAHEAD_MODEL": "y", "HOME": "/home/u"], existing: [Self.fetched])
    #expect(found == ModelLocation(path: "y", origin: .environment))
    let empty = try find(["LOOKAHEAD_MODEL": "", "HOME": "/home/u"], existing: [Self.fetched])
    #expect(empty.origin == .fetched)
  }

  @Test func `then the fetched model in the cache folder`() throws {
    let home = ["HOME": "/home/u"]
    #expect(
      try find(home, existing: [Self.fetched, Self.fixture])
        == ModelLocation(path: Self.fetched, origin: .fetched))
    let cached = "/cache/lookahead/\(ModelLocation.fetchedName)"
    let cache = home.merging(["XDG_CACHE_HOME": "/cache"]) { $1 }
    #expect(try find(cache, existing: [cached, Self.fetched]).path == cached)
    let relative = home.merging(["XDG_CACHE_HOME": "cache"]) { $1 }
    #expect(try find(relative, existing: [Self.fetched]).path == Self.fetched)
  }

  @Test func `then the fixture model, which is said to be one`() throws {
    let found = try find(["HOME": "/home/u"], existing: [Self.fixture])
    #expect(found == ModelLocation(path: "/b/Fixtures/tiny-llama", origin: .fixture))
    #expect(found.notice?.contains("scripts/fetch-model.sh") == true)
  }

  @Test func `and nothing is an error that says how to get one`() {
    #expect(throws: CommandError.noModel) { try find() }
    #expect("\(CommandError.noModel)".contains("scripts/fetch-model.sh"))
  }

  @Test func `the sources are found`() throws {
    let found = try ModelLocation.find(
      option: nil, environment: [:], fixtureRoots: ModelLocation.fixtureRoots)
    #expect(found.origin == .fixture)
  }
}
