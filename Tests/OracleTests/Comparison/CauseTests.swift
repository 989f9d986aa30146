import Foundation
import TestSupport
import Testing

@testable import Oracle

/// What a verdict names first where several things differ.
@Suite("Causes")
struct CauseTests {
  /// A trace of two passes over two rows each.
  private struct Passes {
    var values: [[Float]] = [[1, 2, 3, 4], [5, 6, 7, 8]]
    var attention: [Float] = [1, 0, 0.25, 0.75]
    var secondToken = 12
    var secondRows = 2
    var answer = 9
    var candidates = [[12], [13]]

    func write(_ name: String, to folder: TemporaryFolder) throws -> Recording {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: true)
      let passes = values.indices.map { pass in
        let rows = (0..<(pass == 1 ? secondRows : 2)).map { row in
          "{\"token\": \(pass == 1 && row == 1 ? secondToken : 10 + row)}"
        }
        return "{\"file\": \"\(pass)\", \"rows\": [\(rows.joined(separator: ", "))], "
          + "\"candidates\": [\(candidates.map { "{\"tokens\": \($0)}" }.joined(separator: ", "))], "
          + "\"selected\": [{\"row\": 0, \"token\": \(answer)}]}"
      }
      try folder.write(
        "{\"format\": \"lookahead-trace\", \"schema\": 1, \"passes\": ["
          + passes.joined(separator: ", ") + "]}", to: "\(name)/trace.json")
      for (pass, values) in values.enumerated() {
        let rows = pass == 1 ? secondRows : 2
        let numbers = (0..<rows * 2).map { values[$0 % values.count] }
        let weights = (0..<rows * 4).map { attention[$0 % attention.count] }
        try folder.write(
          SafetensorsWriter([
            .init("attention.1", shape: [rows, 2, 2], values: weights),
            .init("hidden.1", shape: [rows, 2], values: numbers),
          ]).bytes(), to: "\(name)/\(pass)")
      }
      return try Recording.open(folder.file(name))
    }
  }

  private func compare(_ change: (inout Passes) -> Void) throws -> RecordingComparison {
    let folder = try TemporaryFolder()
    var changed = Passes()
    change(&changed)
    return try RecordingComparer.compare(
      Passes().write("a", to: folder), changed.write("b", to: folder))
  }

  @Test("numbers that differ before a decision come before it")
  func numbersFirst() throws {
    let result = try compare {
      $0.values[0][3] = 40
      $0.answer = 8
    }
    #expect(result.cause == nil)
    #expect(result.finding?.location.pass == 0 && result.finding?.location.row == 1)
    #expect(result.sentence.hasPrefix("A bug, at pass 0, row 1 (token 11), hidden.1: "))
    #expect(
      result.sentence.hasSuffix(
        "After it: Pass 0: accepted token 0 is 9 from row 0 in A and 8 from row 0 in B."))
  }

  @Test("a pass over other rows comes before its numbers, which are not compared")
  func inputsFirst() throws {
    let result = try compare {
      $0.secondToken = 13
      $0.values[1] = [50, 60, 70, 80]
    }
    #expect(result.cause?.subject == .token)
    #expect(result.finding == nil && result.incomparablePasses == 1)
    #expect(result.tensors.allSatisfy { $0.rows == 2 && $0.largest == 0 })
    #expect(
      result.sentence
        == "A and B differ in more than rounding: Pass 1, row 1: the token is 12 in A "
        + "and 13 in B. All numbers before agree.")
    #expect(!result.agrees)
  }

  @Test("passes of other sizes are no error, though their tensors cannot be put side by side")
  func sizes() throws {
    let result = try compare { $0.secondRows = 3 }
    #expect(result.cause?.subject == .rows && result.incomparablePasses == 1)
  }

  @Test("candidates come before the rows that they become")
  func candidates() throws {
    let result = try compare {
      $0.candidates.reverse()
      $0.secondToken = 13
    }
    #expect(result.discrete.map(\.subject) == [.candidates, .token])
    #expect(result.sentence.contains("the same candidates in another order"))
  }

  @Test("a weight of attention is named by its head and key")
  func attention() throws {
    let result = try compare { $0.attention = [1, 0, 0.5, 0.75] }
    let location = try #require(result.finding?.location)
    #expect(location.head == 1 && location.key == 0)
    #expect(location.words == "pass 0, row 0 (token 10), attention.1 of head 1 to key 0")
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(location))
    #expect((object as? [String: Any])?["key"] as? Int == 0)
    #expect((object as? [String: Any])?["position"] == nil)
  }
}
