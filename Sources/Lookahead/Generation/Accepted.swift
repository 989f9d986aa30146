import Llama
import Tensor

/// The tokens that one pass accepted, and the logits they were chosen from.
public struct Accepted: Sendable {
  /// The tokens, oldest first; empty for a pass that read a part of the prompt other than its end.
  public let tokens: [TokenID]
  /// Logits of the pass, `[rows, vocabularySize]`.
  public let logits: Matrix
  /// For each token the row of `logits` that it was chosen from.
  public let logitRows: [Int]
  /// Rows that the pass evaluated; of a pass over the prompt those whose logits were wanted.
  public let rows: Int
  /// For each token where it was drafted; nil where no draft had it, as for the last of a pass.
  public let origins: [DraftOrigin?]
  /// The size that was chosen for the pass; nil for passes over the prompt and for plain decoding.
  public let size: PassSize?

  init(
    tokens: [TokenID], logits: Matrix, logitRows: [Int], rows: Int,
    origins: [DraftOrigin?]? = nil, size: PassSize? = nil
  ) {
    self.tokens = tokens
    self.logits = logits
    self.logitRows = logitRows
    self.rows = rows
    self.origins = origins ?? Array(repeating: nil, count: tokens.count)
    self.size = size
  }

  /// The first `count` tokens with their logits; all else is that of the whole pass.
  func prefix(_ count: Int) -> Accepted {
    Accepted(
      tokens: Array(tokens.prefix(count)), logits: logits,
      logitRows: Array(logitRows.prefix(count)), rows: rows,
      origins: Array(origins.prefix(count)), size: size)
  }
}
