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

  public var index: Int?
  public var file: String?
  public var kind: Kind?
  public var cachedCount: Int?
  public var rows: [TraceRow]?
  /// The row of the pass that each row of the tensor `logits` belongs to.
  public var logitRows: [Int]?
  public var candidates: [TraceCandidate]?
  public var frontier: [TraceAnswer]?
  public var selected: [TraceAnswer]?
  public var acceptedRows: [Int]?
  public var window: [[TokenID]]?
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
  public var tokens: [TokenID]
  public var rows: [Int]?
  public var sources: [DraftOrigin]?
}

/// What a pass added to the pool; the pool after a pass is the sum of all passes up to it.
public struct TracePool: Codable, Equatable, Sendable {
  public struct Addition: Codable, Equatable, Sendable {
    public var after: [TokenID]
    public var tokens: [TokenID]
    public var source: DraftOrigin
  }

  public var added: [Addition]
  public var count: Int
}
