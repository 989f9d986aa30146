import Foundation
import TestSupport
import Testing

/// `lookahead tune` as a program, and the file that it fills.
struct TuneCommandTests {
  private static let quick =
    ["tune"] + LookaheadProcess.tinyLlama + [
      "--repeat", "1", "--tokens", "8", "--texts", "3", "--sizes", "0,3,2",
    ]
  private static let story =
    ["generate"] + LookaheadProcess.tinyLlama + ["--raw", "-p", "The fox", "-n", "30", "--verbose"]

  /// The name of the file of costs.
  private static func costs(in folder: borrowing TemporaryFolder) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("lookahead"))
    return try #require(names.first { $0.hasPrefix("step-cost-") })
  }

  @Test func `each setting has its figures, and what passes cost is kept for later runs`() throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path]
    let chart = folder.file("cost.svg")
    let run = try LookaheadProcess.run(
      Self.quick + ["--json", "--svg", chart], environment: environment)
    #expect(run.status == 0, "\(run.diagnostics)")
    let object = try run.object()
    #expect(Set(object.keys) == ["cost", "settings", "best"])
    let settings = try #require(object["settings"] as? [[String: Any]])
    #expect(settings.map { $0["name"] as? String } == ["auto", "0,3,2"])
    for setting in settings {
      let results = try #require(setting["results"] as? [[String: Any]])
      #expect(results.count == 4)
      #expect(results.allSatisfy { $0["logits_equal"] as? Bool == true })
    }
    let best = try #require(object["best"] as? [[String: Any]])
    #expect(best.map { $0["name"] as? String } == ["all", "prose", "steps", "code", "rewriting"])
    #expect(FileManager.default.fileExists(atPath: chart))

    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("lookahead"))
    #expect(names.count { $0.hasPrefix("step-cost-") } == 1)
    #expect(names.count { $0.hasPrefix("draft-memory-") } == 1 && names.count == 2)
    #expect(run.diagnostics.contains("drafts learnt from 3 texts, "))
    let later = try LookaheadProcess.run(Self.story, environment: environment)
    #expect(later.diagnostics.contains("what passes cost is known from"))
    #expect(later.diagnostics.contains("what drafting learnt is known from"))
    #expect(later.diagnostics.contains("rows of window + candidates"))
  }

  @Test(arguments: ["", "{}", "{\"version\": 1, \"level\": -1}", "step cost"])
  func `a file of costs that is of no use is replaced`(content: String) throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path]
    let first = try LookaheadProcess.run(Self.story, environment: environment)
    #expect(first.diagnostics.contains("what passes cost is not known yet"))
    let name = try Self.costs(in: folder)
    try folder.write(content, to: "lookahead/" + name)
    let second = try LookaheadProcess.run(Self.story, environment: environment)
    #expect(second.status == 0 && second.output == first.output)
    #expect(second.diagnostics.contains("is of no use"))
    let third = try LookaheadProcess.run(Self.story, environment: environment)
    #expect(third.diagnostics.contains("what passes cost is known from"))
  }

  @Test func `a file of costs without an end is not read`() throws {
    let folder = try TemporaryFolder()
    let environment = ["XDG_CACHE_HOME": folder.path]
    let first = try LookaheadProcess.run(Self.story, environment: environment)
    let name = try Self.costs(in: folder)
    try #require(truncate(folder.file("lookahead/" + name), 1 << 40) == 0)
    let second = try LookaheadProcess.run(Self.story, environment: environment)
    #expect(second.status == 0 && second.output == first.output)
    #expect(second.diagnostics.contains("measured anew: it has more than 1.0 MB."))
  }

  @Test(arguments: [["--schedule", "fixed"], ["--decoding", "autoregressive"]])
  func `where costs are not asked for, nothing is said of them`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try LookaheadProcess.run(
      Self.story + options, environment: ["XDG_CACHE_HOME": folder.path])
    #expect(run.status == 0 && !run.diagnostics.contains("what passes cost"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test(arguments: [
    ("3,3", "Sizes are three whole numbers"), ("a,b,c", "Sizes are three whole numbers"),
    ("0,1,2", "The n-gram size N is 1, but must be at least 2"), ("-1,3,3", ""),
  ])
  func `sizes that are none are refused as wrong usage`(sizes: String, words: String) throws {
    let run = try LookaheadProcess.run(Self.quick.dropLast() + [sizes])
    #expect(run.status == 64 && run.diagnosticLines.count == 1)
    #expect(words.isEmpty || run.diagnostics.contains(words), "\(run.diagnostics)")
  }

  @Test func `times that nobody can want are refused`() throws {
    let run = try LookaheadProcess.run(["tune", "--repeat", "9223372036854775807"])
    #expect(run.status == 64 && run.diagnosticLines.count == 1)
    #expect(run.diagnostics.contains("must be from 1 to 1000000"))
  }
}
