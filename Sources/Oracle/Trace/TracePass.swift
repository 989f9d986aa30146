import Llama
import Lookahead

/// One forward pass: its rows, what was chosen from their logits, and what it left behind.
public struct TracePass: Codable, Equatable, Sendable {
  /// Why a pass was run.
  public enum Kind: String, Codable, Sendable {
    /// To read a part of the prompt.
    case prompt
    /// To settle tokens.
    case step
    /// For its own sake.
    case forward
  }

  /// The number of the pass, from 0.
  public var index: Int
  /// The file with its tensors, in the folder of `trace.json`.
  public var file: String
  /// Why it was run.
  public var kind: Kind
  /// Tokens in the cache before the pass: the first of prompt and generated tokens, at the positions
  /// `0 ..< cachedCount`.
  public var cachedCount: Int
  /// The rows, in order.
  public var rows: [TraceRow]
  /// The row of each row of the tensor `logits`.
  public var logitRows: [Int]
  /// The n-grams up for verification.
  public var candidates: [TraceCandidate]
  /// The model's own answers to the window's top level, column by column.
  public var frontier: [TraceAnswer]
  /// The tokens that the pass settled, oldest first, each with the row it was chosen from.
  public var selected: [TraceAnswer]
  /// The rows that stay in the cache, in the order in which they enter it.
  public var acceptedRows: [Int]
  /// The window after the pass, level by level; level 0 lacks column 0, the current token. Left out
  /// where there is none.
  public var window: [[TokenID]]?
  /// What the pass added to the pool. Left out where nothing is learnt.
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
  /// The row of the pass.
  public var row: Int
  /// The token.
  public var token: TokenID

  /// A token chosen from a row.
  public init(row: Int, token: TokenID) {
    self.row = row
    self.token = token
  }
}

/// An n-gram up for verification: a path from the current token to a node without a child.
public struct TraceCandidate: Codable, Equatable, Sendable {
  /// Its tokens, without the current one.
  public var tokens: [TokenID]
  /// The row of each token; candidates that begin alike may share rows.
  public var rows: [Int]
  /// Where each token was seen.
  public var sources: [DraftOrigin]
}

/// What a pass added to the pool; the pool after a pass is the sum of all passes up to it.
public struct TracePool: Codable, Equatable, Sendable {
  /// Something seen behind something.
  public struct Addition: Codable, Equatable, Sendable {
    /// The tokens before.
    public var after: [TokenID]
    /// What followed them.
    public var tokens: [TokenID]
    /// Where it was seen.
    public var source: DraftOrigin
  }

  /// What was added, in order.
  public var added: [Addition]
  /// How many entries the pool has after the pass.
  public var count: Int
}
