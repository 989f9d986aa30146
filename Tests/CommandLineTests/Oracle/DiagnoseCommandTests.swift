import Foundation
import TestSupport
import Testing

/// `lookahead diagnose` as a program.
struct DiagnoseCommandTests {
  private let folder: TemporaryFolder
  private let prompt = ["--prompt-ids", "457,262,455"]
  /// What the fixture model makes of the prompt.
  private let right = [
    369, 307, 262, 437, 16, 290, 437, 307, 745, 280, 469, 306, 261, 787, 16, 290, 701, 412, 679,
    280,
  ]

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, to name: String) throws -> String {
    try folder.write(Array(text.utf8), to: name)
  }

  private func diagnose(_ arguments: [String]) throws -> LookaheadProcess.Outcome {
    try LookaheadProcess.run(["diagnose"] + LookaheadProcess.tinyLlama + prompt + arguments)
  }

  @Test func `the reference's text`() throws {
    let path = try write("\(right)", to: "right.json")
    let run = try diagnose(["--plain", path, "--speculative", path])
    #expect(run.status == 0 && run.diagnostics.isEmpty)
    #expect(run.output.hasPrefix("Both texts are the reference's."))
    #expect(try diagnose(["--plain", path, "--json"]).object()["verdict"] as? String == "same")
  }

  @Test func `a token that nothing explains`() throws {
    var wrong = right
    wrong[12] = 7
    let run = try diagnose([
      "--plain", write("\(right)", to: "plain"), "--speculative", write("\(wrong)", to: "spec"),
    ])
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("Not explained:"))
    #expect(run.output.contains("leave"))
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func `a token that is emitted twice, with the steps of the engine`() throws {
    let doubled = Array(right[...4]) + Array(right[4...])
    let steps = """
      {"drafted": [\(right[1]), \(right[2])], "accepted": [\(right[1]), \(right[2])], "next": \(right[3])}
      {"drafted": [9, 9], "accepted": [], "next": \(right[4])}
      """
    let run = try diagnose([
      "--plain", write("\(right)", to: "plain"), "--speculative", write("\(doubled)", to: "spec"),
      "--steps", write(steps, to: "steps"), "--json",
    ])
    let object = try run.object()
    let found = try #require(object["steps"] as? [String: Any])
    #expect(found["drafted"] as? Int == 4 && found["accepted"] as? Int == 2)
    #expect(found["wrongly_accepted"] as? [Int] == [])
  }

  @Test(arguments: [
    (["--plain", "nowhere"], 2, "nowhere cannot be opened"), ([], 64, "A text is needed"),
    (["--plain", "a", "--temperature", "1"], 64, "Only greedy text can be diagnosed"),
    (
      ["--speculative", "a", "--steps", "b", "--branches", "2"], 64,
      "leave out how drafts are found"
    ),
    (["--plain", "a", "--precision", "fp8"], 64, "float32"),
    (["--plain", "a", "--draft-length", "0"], 64, "draft length"),
  ])
  func `wrong use gets a sentence`(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let run = try diagnose(arguments)
    #expect(run.status == status && run.output.isEmpty)
    #expect(run.diagnostics.contains(words), "\(run.diagnostics)")
  }

  @Test func `a text longer than the context is refused`() throws {
    let path = try write("\([Int](repeating: 5, count: 5_000))", to: "long")
    let run = try diagnose(["--plain", path])
    #expect(run.status == 2)
    #expect(run.diagnostics.contains("has 5000 tokens after a prompt of 3"))
  }
}
