import Llama
import Oracle
import TestSupport

/// A small sweep in a folder of its own, and what an engine might write beside it.
struct SweepFixture {
  static let vocabularySize = 8
  static let prefix = [1, 2, 3]
  static let continuation = [4, 5, 6, 7, 0]

  let folder: TemporaryFolder
  let plan: SweepPlan

  /// The folder of the sweep.
  var path: String { folder.file("sweep") }

  init(rows: [Int] = [2, 4]) throws {
    folder = try TemporaryFolder()
    plan = try Self.plan(rows: rows)
    try plan.write(to: folder.file("sweep"))
  }

  static func plan(
    prefix: [TokenID] = prefix, continuation: [TokenID] = continuation, rows: [Int]
  ) throws -> SweepPlan {
    var configuration = try TestModels.checkpoint("tiny-llama").configuration
    configuration.vocabularySize = vocabularySize
    return try SweepPlan(
      producer: TraceHeader.Producer(version: "0"),
      model: TraceModel(
        name: "m", sha256: "0123", format: "none", parameters: 1, configuration: configuration),
      prefix: prefix, continuation: continuation, rows: rows)
  }

  /// Logits of the continuation: in each row the text's next token leads by a half.
  static func logits() -> [[Float]] {
    continuation.indices.map { row in
      (0..<vocabularySize).map { token in
        let isNext = continuation.indices.contains(row + 1) && continuation[row + 1] == token
        return isNext ? 4 : Float(token) / 2 - Float(row) / 4
      }
    }
  }

  /// Writes logits as NumPy does.
  func write(_ logits: [[Float]], rows: Int, name: String? = nil) throws {
    let header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (\(logits.count), "
      + "\(logits.first?.count ?? 0)), }\n"
    try folder.write(
      numPyBytes(header: header, data: [UInt8](littleEndian: logits.flatMap(\.self))),
      to: "sweep/\(name ?? "rows-\(rows).npy")")
  }

  /// Writes the same logits for every number of rows.
  func writeAll() throws {
    for sweep in plan.sweeps { try write(Self.logits(), rows: sweep.rows) }
  }

  /// Writes an answer of the older completions.
  /// - Parameter lists: for each token what was listed; nil for null.
  func write(
    tokens: [TokenID], lists: [[TokenID: Double]?], rows: Int
  ) throws {
    let texts = tokens.map { "\"token_id:\($0)\"" }.joined(separator: ",")
    let values = zip(tokens, lists).map { token, list in list?[token].map { "\($0)" } ?? "null" }
    let objects = lists.map { list in
      list.map { list in
        "{"
          + list.sorted { $0.key < $1.key }.map { "\"token_id:\($0)\":\($1)" }
          .joined(separator: ",") + "}"
      } ?? "null"
    }
    try folder.write(
      #"{"choices":[{"logprobs":{"tokens":[\#(texts)],"token_logprobs":"#
        + #"[\#(values.joined(separator: ","))],"top_logprobs":[\#(objects.joined(separator: ","))]"#
        + "}}]}", to: "sweep/rows-\(rows).json")
  }

  func read() throws -> SweepReport { try SweepReader.read(path, plan: plan) }
}
