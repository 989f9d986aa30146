import Foundation
import TestSupport
import Testing

@testable import Oracle

/// Traces with one thing changed.
@Suite("Discrete differences")
struct DiscreteComparisonTests {
  private static let good = """
    {"format": "lookahead-trace", "schema": 1, "prompt": [1, 2], "tokens": [5, 6],
     "passes": [{"file": "pass", "cachedCount": 9,
       "rows": [
         {"token": 2, "position": 9, "visible": {"cached": [[0, 9]], "rows": [0]}},
         {"token": 3, "position": 10, "visible": {"cached": [[0, 4], [4, 9]], "rows": [0, 1]}}],
       "logitRows": [0, 1], "candidates": [{"tokens": [3, 4]}, {"tokens": [7]}],
       "frontier": [{"row": 1, "token": 8}], "selected": [{"row": 0, "token": 5}],
       "acceptedRows": [0], "window": [[1], [2, 3]]}]}
    """

  private func compare(_ a: String, _ b: String) throws -> RecordingComparison {
    let folder = try TemporaryFolder()
    let recordings = try [("a", a), ("b", b)].map { name, json in
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
      try folder.write(json, to: "\(name)/trace.json")
      try folder.write(
        SafetensorsWriter([.init("logits", shape: [2, 2], values: [1, 2, 3, 4])]).bytes(),
        to: "\(name)/pass")
      return try Recording.open(folder.file(name))
    }
    return try RecordingComparer.compare(recordings[0], recordings[1])
  }

  @Test("the same trace, however its keys are written")
  func same() throws {
    let other = Self.good.replacingOccurrences(of: "[[0, 4], [4, 9]]", with: "[[4, 9], [0, 5]]")
    let result = try compare(Self.good, other)
    #expect(result.discrete.isEmpty && result.verdict == .identical)
  }

  @Test(
    "the first difference of each kind is named",
    arguments: [
      ("\"prompt\": [1, 2]", "\"prompt\": [1, 3]", "Token 1 of the prompt is 2 in A and 3 in B."),
      ("[5, 6]", "[5]", "Generated token 1 is 6 in A and missing in B."),
      ("\"token\": 3,", "\"token\": 4,", "Pass 0, row 1: the token is 3 in A and 4 in B."),
      (
        "\"position\": 10", "\"position\": 11",
        "Pass 0, row 1: the position is 10 in A and 11 in B."
      ),
      (
        "[[0, 4], [4, 9]]", "[[0, 4], [5, 9]]",
        "Pass 0, row 1: the mask of A lets it see the cached key 4, that of B does not."
      ),
      (
        "[[0, 9]]", "[[0, 7]]",
        "Pass 0, row 0: the mask of A lets it see the cached key 7, that of B does not."
      ),
      (
        "\"rows\": [0]}", "\"rows\": [0, 1]}",
        "Pass 0, row 0: the mask of B lets it see row 1, that of A does not."
      ),
      (
        "[{\"tokens\": [3, 4]}, {\"tokens\": [7]}]", "[{\"tokens\": [7]}, {\"tokens\": [3, 4]}]",
        "Pass 0: candidate 0 is [3 4] in A and [7] in B; they are the same candidates in another order."
      ),
      (
        "{\"tokens\": [7]}", "{\"tokens\": [9]}", "Pass 0: candidate 1 is [7] in A and [9] in B."
      ),
      (
        "\"token\": 8", "\"token\": 9",
        "Pass 0: prediction 0 of the frontier is 8 from row 1 in A and 9 from row 1 in B."
      ),
      (
        "{\"row\": 0, \"token\": 5}", "{\"row\": 1, \"token\": 5}",
        "Pass 0: accepted token 0 is 5 from row 0 in A and 5 from row 1 in B."
      ),
      (
        "\"acceptedRows\": [0]", "\"acceptedRows\": [1]",
        "Pass 0: accepted row 0 is 0 in A and 1 in B."
      ),
      (
        "[2, 3]]", "[2, 4]]",
        "Pass 0: level 1 of the window after the pass is [2 3] in A and [2 4] in B."
      ),
    ])
  func first(old: String, new: String, sentence: String) throws {
    let result = try compare(Self.good, Self.good.replacingOccurrences(of: old, with: new))
    #expect(result.discrete.map(\.sentence) == [sentence])
    #expect(result.verdict == .bug && !result.agrees)
    #expect(result.sentence.contains(sentence))
  }

  @Test("a pass more, and a cache of another size")
  func counts() throws {
    let one = Self.good.replacingOccurrences(of: "\"cachedCount\": 9", with: "\"cachedCount\": 10")
    let result = try compare(
      Self.good,
      one.replacingOccurrences(of: "[2, 3]]}]}", with: "[2, 3]]}, {\"file\": \"more\"}]}"))
    #expect(result.discrete.map(\.subject) == [.cachedCount, .passes])
    #expect(result.unpairedPasses == 1)
  }
}
