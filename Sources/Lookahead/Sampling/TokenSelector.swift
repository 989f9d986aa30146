import Llama
import Tensor

/// Chooses a token from logits. The choice must be a function of the arguments alone, since a pass may
/// be repeated.
public protocol TokenSelector: Sendable {
  /// The token that follows a text.
  /// - Parameters:
  ///   - logits: of a whole pass, `[rows, vocabularySize]`.
  ///   - row: the row that belongs to the last token of `prefix`.
  ///   - prefix: the text before the token to be chosen, whose position is `prefix.count`.
  /// - Throws: `LookaheadError.unusableLogit`, `LookaheadError.noTokenLeft`, or the error of a logits
  ///   processor.
  func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID

  /// Whether the choice is always the largest logit, of several the one with the lowest id; false by
  /// default.
  var isGreedy: Bool { get }
}

extension TokenSelector {
  public var isGreedy: Bool { false }
}

/// The token with the largest logit; of several the one with the lowest id.
public struct GreedySelector: TokenSelector {
  public init() {}

  public var isGreedy: Bool { true }

  public func select(from logits: Matrix, row: Int, after prefix: TextPrefix) throws -> TokenID {
    try logits.checkLogits(row: row, position: prefix.count)
    return try logits.largestLogit(row: row, position: prefix.count)
  }
}

extension Matrix {
  /// Refuses a row of logits with NaN or +∞; -∞ is a forbidden token.
  func checkLogits(row: Int, position: Int) throws {
    if let token = firstColumn(row: row, notBelow: .infinity) {
      let found = self[row, token]
      // The sign of a NaN has no meaning.
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
