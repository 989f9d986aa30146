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
  /// Rows of the pass; of a pass over the prompt those with logits.
  public let rows: Int
  /// For each token the origin of its draft; nil if it was not drafted, as for the last of a pass.
  public let origins: [DraftOrigin?]
  /// How many drafts of the pass were expected to be right, by origin: the sum of their path
  /// probabilities.
  public internal(set) var expectedDrafts: [DraftOrigin: Double] = [:]
  /// Nil for passes over the prompt and for plain decoding.
  public internal(set) var size: PassSize?

  /// The first `count` tokens; everything else remains that of the whole pass.
  func prefix(_ count: Int) -> Accepted {
    Accepted(
      tokens: Array(tokens.prefix(count)), logits: logits,
      logitRows: Array(logitRows.prefix(count)), rows: rows,
      origins: Array(origins.prefix(count)), expectedDrafts: expectedDrafts, size: size)
  }
}
