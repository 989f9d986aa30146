import Files
import Llama
import TestSupport
import Testing

@testable import Oracle

/// Steps of speculative runs, in the shapes that engines write.
struct EngineStepTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ text: String) throws -> [EngineStep] {
    try EngineStep.read(folder.write(Array(text.utf8), to: "steps"), vocabularySize: 100)
  }

  @Test(arguments: [
    #"{"drafted": [5, 6, 7], "accepted": [5, 6], "next": 9}"#,
    #"{"drafted": [[5, 6, 7]], "accepted": [5, 6], "next": 9}"#,
    #"{"draft_token_ids": [5, 6, 7], "num_accepted": 2, "bonus_token_id": 9}"#,
    #"{"draft": [5, 6, 7], "n_accept": 2, "sampled": 9}"#,
    #"{"proposed": [5, 6, 7], "output_token_ids": [5, 6, 9]}"#,
    #"{"draft_tokens": [5, 6, 7], "tokens": [5, 6, 9], "n_accepted": 2, "time": 0.1}"#,
  ])
  func `names of the fields`(_ line: String) throws {
    #expect(
      try read(line + "\n\n" + line)
        == Array(
          repeating: EngineStep(drafts: [[5, 6, 7]], tokens: [5, 6, 9], acceptedCount: 2), count: 2)
    )
  }

  @Test func `steps without drafts, and of branches`() throws {
    let steps = try read(
      #"{"drafted": [], "accepted": [], "next": 4}"# + "\n"
        + #"{"drafted": [[5, 6], [7]], "accepted": [7], "next": 8}"#)
    #expect(
      steps == [
        EngineStep(drafts: [], tokens: [4], acceptedCount: 0),
        EngineStep(drafts: [[5, 6], [7]], tokens: [7, 8], acceptedCount: 1),
      ])
  }

  @Test(arguments: [
    ("", "the list of steps is empty"), ("{}", "line 1: the field drafted is missing"),
    (#"{"drafted": [1], "accepted": 2}"#, "from 0 to 1"),
    (#"{"drafted": [1, 200], "accepted": 1}"#, "ids from 0 to 99"),
    (#"{"drafted": [[1], [2]], "accepted": 1}"#, "not which"),
    (#"{"drafted": [1]}"#, "line 1: the field accepted is missing"),
    ("[1, 2]", "must be an object"),
    ("{\"drafted\": [1], \"accepted\": 0}\n{\"drafted\"", "line 2: the JSON at byte"),
    (#"{"drafted": "abc", "accepted": 0}"#, "a list of ids"),
  ])
  func `what is no step gets a sentence`(_ text: String, _ words: String) throws {
    let error = #expect(throws: FileError.self) { try read(text) }
    let sentence = "\(error.map { "\($0)" } ?? "")"
    #expect(sentence.contains(words) && sentence.hasSuffix("."), "\(sentence)")
  }

  @Test func `the first token may come from the reading of the prompt`() {
    let steps = [
      EngineStep(drafts: [[5]], tokens: [5, 6], acceptedCount: 1),
      EngineStep(drafts: [], tokens: [7], acceptedCount: 0),
    ]
    #expect(EngineStep.starts(steps, in: [5, 6, 7]) == [0, 2])
    #expect(EngineStep.starts(steps, in: [4, 5, 6, 7]) == [1, 3])
  }
}
