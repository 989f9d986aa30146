import Llama
import Lookahead

/// One forward pass of `trace.json`: its rows, what was chosen from their logits, and what it left
/// behind (docs/trace-format.md).
///
/// This program writes every field that applies. Other programs need to write `file` only, so whoever
/// reads a trace has to expect that the others are missing.
public struct TracePass: Codable, Equatable, Sendable {
  public enum Kind: String, Codable, Sendable {
    /// Prefill: reads a part of the prompt.
    case prompt
    /// A decoding step: accepts tokens.
    case step
    /// A single pass over given tokens.
    case forward
  }

  /// The number of the pass, from 0.
  public var index: Int?
  /// The file with its tensors, in the folder of `trace.json`.
  public var file: String?
  public var kind: Kind?
  /// Keys in the cache before the pass: those of the first tokens of prompt and generated text
  /// together, at the positions `0 ..< cachedCount`.
  public var cachedCount: Int?
  public var rows: [TraceRow]?
  /// The row of the pass that each row of the tensor `logits` belongs to.
  public var logitRows: [Int]?
  /// The candidates that the pass verifies.
  public var candidates: [TraceCandidate]?
  /// The predictions for the window's top level, column by column.
  public var frontier: [TraceAnswer]?
  /// The accepted tokens, oldest first.
  public var selected: [TraceAnswer]?
  /// The rows committed to the cache, in order.
  public var acceptedRows: [Int]?
  /// The window after the pass, level by level; level 0 lacks column 0, the current token. Nil
  /// without a window.
  public var window: [[TokenID]]?
  /// What the pass added to the pool; nil without one.
  public var pool: TracePool?

  /// The name of the file with the tensors of pass `index`.
  public static func file(ofPass index: Int) -> String {
    let digits = String(index)
    return "pass-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
      + ".safetensors"
  }
}

/// A token and the row whose logits it was chosen from.
public struct TraceAnswer: Codable, Equatable, Sendable {
  public var row: Int
  public var token: TokenID
}

/// A candidate: a path from the current token to a leaf of the candidate tree.
public struct TraceCandidate: Codable, Equatable, Sendable {
  /// Its tokens, without the current one.
  public var tokens: [TokenID]
  /// The row of each token; candidates with a common prefix may share rows.
  public var rows: [Int]?
  /// The origin of each token.
  public var sources: [DraftOrigin]?
}

/// What a pass added to the pool; the pool after a pass is the sum of all passes up to it.
public struct TracePool: Codable, Equatable, Sendable {
  public struct Addition: Codable, Equatable, Sendable {
    /// The tokens before.
    public var after: [TokenID]
    /// What followed them.
    public var tokens: [TokenID]
    public var source: DraftOrigin
  }

  /// What was added, in order.
  public var added: [Addition]
  /// Entries of the pool after the pass.
  public var count: Int
}
