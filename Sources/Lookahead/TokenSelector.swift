import Llama
import Tensor

/// Chooses a token from logits. Both decoders use the same one, so they choose the same tokens.
///
/// The choice must be a function of the arguments alone: lookahead decoding may ask for a position
/// once or, if a pass is repeated, again.
public protocol TokenSelector: Sendable {
  /// The token that follows `text`.
  /// - Parameters:
  ///   - logits: of a whole pass, `[rows, vocabularySize]`.
  ///   - row: the row that belongs to the last token of `text`.
  ///   - text: prompt and settled tokens before the one to be chosen; its position is `text.count`.
  func select(from logits: Matrix, row: Int, after text: [TokenID]) -> TokenID
}

/// The token with the largest logit; of several the one with the lowest id.
public struct GreedySelector: TokenSelector {
  /// The greedy selector.
  public init() {}

  /// The token with the largest logit.
  public func select(from logits: Matrix, row: Int, after text: [TokenID]) -> TokenID {
    logits.argmax(row: row)
  }
}
