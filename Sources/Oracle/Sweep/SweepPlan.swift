import Llama

/// What to send an engine to find out whether its arithmetic depends on the number of rows in a pass: the
/// same tokens behind the same prefix, in passes of one row, of two, and so on. docs/sweep.md explains
/// every field; the JSON keys are the names here.
///
/// The prefix is read before, in the same way for every number of rows, and is no part of what is
/// compared. Each sweep begins behind the prefix alone.
public struct SweepPlan: Codable, Equatable, Sendable {
  public static let formatName = "lookahead-sweep"
  public static let schemaVersion = 1
  /// The file in the folder of a sweep that holds the plan.
  public static let fileName = "sweep.json"

  public let format: String
  public let schema: Int
  public let producer: TraceHeader.Producer
  /// The model that made the continuation, and whose exact logits a reading is held against.
  public let model: TraceModel
  /// Token ids, at the positions 0, 1, ….
  public let prefix: [TokenID]
  /// The token ids whose rows are compared, behind the prefix: row `i` reads `continuation[i]` at position
  /// `prefix.count + i`, and its logits say what follows.
  public let continuation: [TokenID]
  /// One for each number of rows, in ascending order; the first has passes of one row.
  public let sweeps: [Sweep]

  /// All passes with so many rows.
  public struct Sweep: Codable, Equatable, Sendable {
    /// Rows of each pass; the last has fewer where the continuation ends inside it.
    public let rows: Int
    public let passes: [Pass]
  }

  /// One pass behind the prefix and the passes before it.
  public struct Pass: Codable, Equatable, Sendable {
    /// Tokens in the cache: those of the prefix and of the passes before.
    public let cachedCount: Int
    /// The token id of each row.
    public let tokens: [TokenID]
    /// The position of each row.
    public let positions: [Int]
    /// `[rows, rows]`, row = query: 1 where a row sees a row of the pass, else 0. Every row sees the
    /// whole cache.
    public let mask: [[Int]]
  }

  /// A plan over a text.
  /// - Parameters:
  ///   - rows: numbers of rows, in any order; 1 is always among them.
  ///   - prefix: at least one token.
  /// - Throws: `SweepError` if a number of rows or the number of tokens cannot be used.
  public init(
    producer: TraceHeader.Producer, model: TraceModel, prefix: [TokenID],
    continuation: [TokenID], rows: [Int]
  ) throws(SweepError) {
    precondition(!prefix.isEmpty, "a sweep behind an empty prefix")
    let rows = try SweepLimit.checked(rows, tokens: continuation.count)
    (format, schema) = (Self.formatName, Self.schemaVersion)
    (self.producer, self.model) = (producer, model)
    (self.prefix, self.continuation) = (prefix, continuation)
    sweeps = rows.map { rows in
      Sweep(
        rows: rows,
        passes: stride(from: 0, to: continuation.count, by: rows).map { start in
          Pass(
            tokens: Array(continuation[start...].prefix(rows)), cachedCount: prefix.count + start)
        })
    }
  }

  /// The position of a row of the continuation.
  func position(ofRow row: Int) -> Int { prefix.count + row }
}

extension SweepPlan.Pass {
  /// A pass in which each row sees all before it and itself.
  fileprivate init(tokens: [TokenID], cachedCount: Int) {
    (self.tokens, self.cachedCount) = (tokens, cachedCount)
    positions = Array(cachedCount..<cachedCount + tokens.count)
    mask = tokens.indices.map { row in tokens.indices.map { $0 <= row ? 1 : 0 } }
  }
}
