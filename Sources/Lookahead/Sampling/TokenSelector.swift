import Llama
import Tensor

/// Chooses a token from logits. Both decoders use the same one, so they choose the same tokens.
///
/// The choice must be a function of the arguments alone: lookahead decoding may ask for a position
/// once or, if a pass is repeated, again.
public protocol TokenSelector: Sendable {
  /// The token that follows a text.
  /// - Parameters:
  ///   - logits: of a whole pass, `[rows, vocabularySize]`.
  ///   - row: the row that belongs to the last token of `prefix`.
  ///   - prefix: the text before the token to be chosen, whose position is `prefix.count`.
  /// - Throws: `LookaheadError.unusableLogit` or `LookaheadError.noTokenLeft` where there is
  ///   nothing to choose by, and what a logits processor throws.
  func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID

  /// Whether the choice is always the largest logit, of several that of the lowest id.
  var isGreedy: Bool { get }
}

extension TokenSelector {
  /// Not known to be.
  public var isGreedy: Bool { false }
}

/// The token with the largest logit; of several the one with the lowest id.
public struct GreedySelector: TokenSelector {
  /// The greedy selector.
  public init() {}

  /// It is.
  public var isGreedy: Bool { true }

  /// The token with the largest logit.
  public func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
    try logits.checkLogits(row: row, position: prefix.count)
    return try logits.largestLogit(row: row, position: prefix.count)
  }
}

extension Matrix {
  /// Refuses a row of logits that has NaN or +∞ in it. -∞ is a token that cannot come.
  func checkLogits(row: Int, position: Int) throws {
    if let token = firstColumn(row: row, notBelow: .infinity) {
      let found = self[row, token]
      // NaN has a sign, which says nothing.
      throw LookaheadError.unusableLogit(
        token: token, position: position, found: found.isNaN ? "nan" : "\(found)")
    }
  }

  /// The token with the largest logit of a checked row; of several the one with the lowest id.
  func largestLogit(row: Int, position: Int) throws -> TokenID {
    if columns > 0 {
      let token = argmax(row: row)
      if self[row, token] > -.infinity { return token }
    }
    throw LookaheadError.noTokenLeft(position: position)
  }
}
