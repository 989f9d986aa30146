/// A difference between two recordings that is no matter of rounding.
public struct DiscreteDifference: Encodable, Equatable, Sendable {
  /// What differs, in the order in which a decoder settles it.
  public enum Subject: String, Encodable, Sendable, CaseIterable {
    /// The prompt's token ids.
    case prompt
    /// The number of passes.
    case passes
    /// Tokens in the cache before a pass.
    case cachedCount
    /// The number of rows of a pass.
    case rows
    /// The token of a row.
    case token
    /// The position of a row.
    case position
    /// What a row attends to: a cell of the mask.
    case mask
    /// The n-grams up for verification, or their order.
    case candidates
    /// The model's answers to the window's top level.
    case frontier
    /// The tokens that a pass settles.
    case selected
    /// The rows that stay in the cache.
    case acceptedRows
    /// The window after the pass.
    case window
    /// The tokens of the whole answer.
    case tokens
  }

  /// What differs.
  public let subject: Subject
  /// The pass, where it is one.
  public let pass: Int?
  /// The row of the pass, where it is one.
  public let row: Int?
  /// The difference as one sentence.
  public let sentence: String
}
