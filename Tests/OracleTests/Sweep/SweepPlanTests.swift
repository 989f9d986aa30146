import Files
import Foundation
import TestSupport
import Testing

@testable import Oracle

/// What a sweep sends, and the file that holds it.
struct SweepPlanTests {
  @Test func `every pass reads its tokens behind the prefix and the passes before`() throws {
    let plan = try SweepFixture.plan(rows: [4, 2, 4])
    #expect(plan.sweeps.map(\.rows) == [1, 2, 4])
    for sweep in plan.sweeps {
      #expect(sweep.passes.flatMap(\.tokens) == SweepFixture.continuation)
      #expect(sweep.passes.flatMap(\.positions) == [3, 4, 5, 6, 7])
      #expect(sweep.passes.dropLast().allSatisfy { $0.tokens.count == sweep.rows })
      for pass in sweep.passes {
        #expect(pass.cachedCount == pass.positions.first)
        for (row, cells) in pass.mask.enumerated() {
          #expect(cells == pass.tokens.indices.map { $0 <= row ? 1 : 0 })
        }
      }
    }
    #expect(plan.sweeps[2].passes.map(\.tokens.count) == [4, 1])
  }

  @Test func `a plan is read as it was written`() throws {
    let fixture = try SweepFixture(rows: [2, 3, 5])
    #expect(try SweepPlan(folder: fixture.path) == fixture.plan)
    #expect(try SweepPlan(folder: fixture.path + "/") == fixture.plan)
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(names == ["sweep"])
  }

  @Test(arguments: [
    ([0], SweepError.rows(0)), ([2, 513], .rows(513)), ([-1], .rows(-1)), ([.max], .rows(.max)),
    ([1], .nothingBesideOne), ([], .nothingBesideOne), ([2, 6], .tooFewTokens(5, rows: 6)),
    (Array(1...33), .tooManyCounts(33)),
  ])
  func `numbers of rows that cannot be used are refused`(rows: [Int], error: SweepError) {
    #expect(throws: error) { try SweepFixture.plan(rows: rows) }
  }

  @Test func `a sweep that would be too large is refused`() {
    let tokens = Array(repeating: 1, count: 4_097)
    #expect(throws: SweepError.tooManyTokens(4_097)) {
      try SweepFixture.plan(continuation: tokens, rows: [2])
    }
    #expect(throws: SweepError.self) {
      try SweepFixture.plan(continuation: Array(tokens.dropLast()), rows: Array(482...512))
    }
  }

  @Test func `a folder is replaced only if it is a sweep and force is given`() throws {
    let fixture = try SweepFixture()
    try fixture.writeAll()
    #expect(throws: SweepError.exists(path: fixture.path)) {
      try fixture.plan.write(to: fixture.path)
    }
    try fixture.plan.write(to: fixture.path, replacing: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path) == ["sweep.json"])
    try fixture.folder.write("mine", to: "sweep/notes.txt")
    #expect(throws: SweepError.foreignFile(path: fixture.path, name: "notes.txt")) {
      try fixture.plan.write(to: fixture.path, replacing: true)
    }
    try fixture.folder.write("mine", to: "file")
    #expect(throws: SweepError.notASweep(path: fixture.folder.file("file"))) {
      try fixture.plan.write(to: fixture.folder.file("file"), replacing: true)
    }
    #expect(throws: OutputFileError.self) { try fixture.plan.write(to: "/nonexistent/sweep") }
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted()
    #expect(names == ["file", "sweep"])
  }

  /// A change to the text of a plan, and words of the sentence about it.
  @Test(arguments: [
    ("\"schema\":1", "\"schema\":2", "1, the version that is read"),
    ("lookahead-sweep", "lookahead-trace", "must be \"lookahead-sweep\""),
    ("\"prefix\":[1,2,3]", "\"prefix\":[]", "the field prefix has no tokens"),
    (
      "\"prefix\":[1,2,3]", "\"prefix\":[1,2,8]",
      "the field prefix[2] is 8, but must be a token below 8"
    ),
    ("\"prefix\":[1,2,3]", "\"prefix\":[1,2,-3]", "the field prefix[2] is -3"),
    ("\"prefix\":[1,2,3]", "\"prefix\":[1,2]", "has other passes than its tokens make"),
    ("\"prefix\":[1,2,3]", "\"prefix\":[1,2,1e30]", "no whole number, or too large"),
    ("\"prefix\":[1,2,3]", "\"prefix\":\"\"", "the field prefix is"),
    ("\"prefix\":[1,2,3]", "\"prefix\":[1,2,3],\"prefix\":[1]", "more than once"),
    (
      "\"continuation\":[4,5,6,7,0]", "\"continuation\":[]", "0 tokens do not fill a pass of 4 rows"
    ),
    ("\"continuation\":[4,5,6,7,0]", "\"other\":[]", "the field continuation is missing"),
    ("\"rows\":4", "\"rows\":9223372036854775807", "A pass of 9223372036854775807 rows"),
    ("\"rows\":4", "\"rows\":99999999999999999999", "no whole number, or too large"),
    ("\"rows\":4", "\"rows\":3", "in passes of 3 rows"),
    ("\"rows\":4", "\"rows\":2", "has a number of rows twice"),
    ("\"rows\":4", "\"rows\":1", "has a number of rows twice"),
    (
      "\"mask\":[[1]]", "\"mask\":[[0]]",
      "has other passes than its tokens make in passes of 1 rows"
    ),
    ("\"positions\":[7]", "\"positions\":[8]", "has other passes"),
    (
      "\"vocabularySize\":8", "\"vocabularySize\":9000000000000",
      "is 9000000000000, but must be at most"
    ),
    ("\"vocabularySize\":8", "\"vocabularySize\":-8", "must be a token below -8"),
    ("{\"continuation", "[{\"continuation", ""),
  ])
  func `a plan that was tampered with is refused in a sentence`(
    old: String, new: String, words: String
  ) throws {
    let fixture = try SweepFixture()
    let path = fixture.folder.file("sweep/sweep.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let range = try #require(text.range(of: old))
    try fixture.folder.write(text.replacingCharacters(in: range, with: new), to: "sweep/sweep.json")
    let said = sentence(about: path) { try SweepPlan(folder: fixture.path) }
    #expect(words.isEmpty || said.contains(words), "\(said)")
    #expect(said.hasSuffix(".") && !said.contains("\n"))
  }

  @Test func `a plan that is cut short anywhere is refused`() throws {
    let fixture = try SweepFixture()
    let path = fixture.folder.file("sweep/sweep.json")
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for count in stride(from: 0, to: bytes.count - 2, by: 7) {
      try fixture.folder.write(Array(bytes.prefix(count)), to: "sweep/sweep.json")
      #expect(throws: FileError.self) { try SweepPlan(folder: fixture.path) }
    }
  }

  @Test func `a folder without a plan is refused`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: InputFileError.self) { try SweepPlan(folder: folder.path) }
    #expect(throws: InputFileError.self) { try SweepPlan(folder: folder.file("none")) }
  }

  @Test func `a sparse file of any size is refused before it is read`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("{", to: "sweep.json")
    #expect(truncate(path, 64_000_001) == 0)
    #expect(sentence(about: path) { try SweepPlan(folder: folder.path) }.contains("64000001"))
  }
}
