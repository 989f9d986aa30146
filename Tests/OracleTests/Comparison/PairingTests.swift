import Foundation
import TestSupport
import Testing

@testable import Oracle

/// Which rows are put beside which.
@Suite("Pairing of passes and rows")
struct PairingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A trace of two passes that settle three tokens; each row of logits is one number, three times.
  private func trace() throws -> Recording {
    for (index, values) in [[1, 2], [3, 4]].enumerated() {
      try folder.write(
        SafetensorsWriter([
          .init(
            "logits", shape: [2, 3], values: values.flatMap { [Float($0), Float(2 * $0), -1] })
        ]).bytes(), to: "pass\(index)")
    }
    try folder.write(
      """
      {"format": "lookahead-trace", "schema": 1, "tokens": [1, 1, 1], "passes": [
        {"file": "pass0", "rows": [{}, {}, {}], "logitRows": [0, 2],
         "selected": [{"row": 2, "token": 1}]},
        {"file": "pass1", "rows": [{}, {}], "logitRows": [0, 1],
         "selected": [{"row": 0, "token": 1}, {"row": 1, "token": 1}]}]}
      """, to: "trace.json")
    return try Recording.open(folder.path)
  }

  private func array(_ values: [Float], _ shape: String) throws -> Recording {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
    return try Recording.open(
      try folder.write(numPyBytes(header: header, data: [UInt8](littleEndian: values)), to: "a.npy")
    )
  }

  @Test("an array with a row for each token is compared with the rows that chose them")
  func settled() throws {
    let values: [Float] = [2, 4, -1, 3, 6, -1, 4, 8, -1]
    let result = try RecordingComparer.compare(trace(), array(values, "(3, 3)"))
    #expect(result.verdict == .identical)
    #expect(result.tensors[0].rows == 3)
  }

  /// Opens a trace of one pass with these fields and a row of logits for each of so many numbers.
  private func trace(of count: Int, _ fields: String) throws -> Recording {
    let values = (0..<count).map(Float.init)
    for name in ["only", "none"] {
      try folder.write(
        SafetensorsWriter([.init("logits", shape: [count, 1], values: values)]).bytes(), to: name)
    }
    try folder.write(
      #"{"format": "lookahead-trace", "schema": 1, "passes": [{"file": "only", \#(fields)}, "#
        + #"{"file": "none", "selected": []}]}"#, to: "trace.json")
    return try Recording.open(folder.path)
  }

  @Test func `a token that was chosen from a row that is not there is passed over`() throws {
    let selected = [2, 3, -1, .max, 0].map { #"{"row": \#($0), "token": 7}"# }
    let trace = try trace(of: 3, #""selected": [\#(selected.joined(separator: ","))]"#)
    let result = try RecordingComparer.compare(trace, array([2, 0], "(2, 1)"))
    #expect(result.verdict == .identical && result.tensors[0].rows == 2)
  }

  @Test func `as many tokens as rows are found without going through all rows for each`() throws {
    let count = 1 << 17
    let rows = (0..<count).reversed().map(String.init).joined(separator: ",")
    let selected = (0..<count).map { #"{"row":\#($0),"token":1}"# }.joined(separator: ",")
    let trace = try trace(of: count, #""logitRows": [\#(rows)], "selected": [\#(selected)]"#)
    let begin = ContinuousClock.now
    let pairing = try PassPairing(trace, array([0], "(1, 1)"))
    #expect(ContinuousClock.now - begin < .seconds(60))
    let tensor = try #require(try pairing.pairs.first?.a.tensors().first)
    #expect(tensor.rowCount == count)
    #expect(try tensor.row(0).values == [Double(count - 1)])
  }

  @Test("so is an answer with logprobs, whose tokens are compared too")
  func completion() throws {
    let logprobs = [2, 3, 4].map { value -> String in
      let values = [Double(value), Double(2 * value), -1]
      let rows = PairedRow.logProbabilities(values).enumerated().map {
        #"{"id": \#($0.offset), "token": "", "logprob": \#($0.element)}"#
      }
      return #"{"id": 1, "token": "", "logprob": -1, "#
        + #""top_logprobs": [\#(rows.joined(separator: ","))]}"#
    }
    let json = #"{"choices": [{"logprobs": {"content": [\#(logprobs.joined(separator: ","))]}}]}"#
    let answer = try Recording.open(try folder.write(json, to: "answer.json"))
    let result = try RecordingComparer.compare(trace(), answer)
    #expect(result.agrees && result.discrete.isEmpty)
    #expect(result.tensors[0].rows == 3)
    #expect(result.tensors[0].distribution?.sameTop == 3)
  }

  @Test("rows that nothing aligns, and rows of other lengths, are refused")
  func refused() throws {
    #expect(
      throws: RecordingError.differentCounts(of: "rows", tensor: "logits", pass: 0, a: 3, b: 2)
    ) {
      try RecordingComparer.compare(trace(), array([1, 2, 3, 4, 5, 6], "(2, 3)"))
    }
    let differentRows = RecordingError.differentCounts(
      of: "values in a row", tensor: "logits", pass: 0, a: 3, b: 2)
    #expect(throws: differentRows) {
      try RecordingComparer.compare(trace(), array([1, 2, 3, 4, 5, 6], "(3, 2)"))
    }
  }

  @Test("heads over other keys are refused, though their rows are as long")
  func keys() throws {
    let files = try [[1, 2, 4], [1, 4, 2]].map { shape in
      let tensor = SafetensorsWriter.Tensor(
        "attention.1", shape: shape, values: [Float](repeating: 0.25, count: 8))
      return try Recording.open(
        try folder.write(SafetensorsWriter([tensor]).bytes(), to: "keys\(shape[2])"))
    }
    let error = RecordingError.differentCounts(
      of: "keys of a head", tensor: "attention.1", pass: 0, a: 4, b: 2)
    #expect(throws: error) {
      try RecordingComparer.compare(files[0], files[1])
    }
  }

  @Test("names in common are needed")
  func names() throws {
    let hidden = try Recording.open(
      try folder.write(
        SafetensorsWriter([.init("hidden.0", shape: [1, 1], values: [1])]).bytes(), to: "hidden"))
    #expect(throws: RecordingError.nothingInCommon(a: ["hidden.0"], b: ["logits"])) {
      try RecordingComparer.compare(hidden, array([1], "(1, 1)"))
    }
  }

  @Test(
    "patterns choose tensors",
    arguments: [
      ("logits", true), ("log*", true), ("*", true), ("*i*s", true), ("hidden.*", false),
      ("", false),
      ("logit", false), ("logits*x", false),
    ])
  func patterns(pattern: String, isIncluded: Bool) {
    var settings = ComparisonSettings()
    settings.patterns = [pattern]
    #expect(settings.includes("logits") == isIncluded)
  }

  @Test("errors of many rows become the largest of neighbours")
  func series() {
    var series = ErrorSeries()
    for row in 0..<5_000 { series.append(Double(row % 1_000)) }
    #expect(series.points.count <= 1_024)
    #expect(series.rowsPerPoint == 8)
    #expect(series.points.max() == 999)
    #expect(series.points[0] == 7)
  }
}
