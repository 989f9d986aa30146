/// Why a forward pass was refused. Each description is one sentence.
public enum LlamaError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A token id outside the vocabulary.
  case unknownToken(id: TokenID, vocabularySize: Int)
  /// A position that is negative or beyond the model's context.
  case positionOutOfRange(position: Int, contextLength: Int)
  /// Tokens, positions and mask rows that are not equally many.
  case unequalCounts(tokens: Int, positions: Int, maskQueries: Int)
  /// A mask made for another cache.
  case maskForOtherCache(expectedCached: Int, foundCached: Int)
  /// A query that sees no key has no attention weights.
  case queryWithoutKeys(row: Int)
  /// Logits asked for of a row that the pass does not have.
  case logitRowOutOfRange(row: Int, rows: Int)
  /// A row to be kept that the last pass did not have.
  case keptRowOutOfRange(row: Int, rows: Int)
  /// A text that does not fit the context.
  case contextOverflow(needed: Int, contextLength: Int)
  /// Cached keys of a model with other layers or heads.
  case cacheOfOtherModel

  /// One sentence.
  public var description: String {
    switch self {
    case .unknownToken(let id, let vocabularySize):
      "Token id \(id) is outside the vocabulary of \(vocabularySize) tokens."
    case .positionOutOfRange(let position, let contextLength):
      "Position \(position) is outside the model's context of \(contextLength) tokens."
    case .unequalCounts(let tokens, let positions, let maskQueries):
      "A pass needs as many positions and mask rows as tokens, but there are \(tokens) tokens, "
        + "\(positions) positions and \(maskQueries) mask rows."
    case .maskForOtherCache(let expected, let found):
      "The mask is for \(found) cached keys, but the cache holds \(expected)."
    case .queryWithoutKeys(let row):
      "Row \(row) of the mask sees no key, so its attention is not defined."
    case .logitRowOutOfRange(let row, let rows):
      "Logits were asked for of row \(row), but the pass has \(rows) rows."
    case .keptRowOutOfRange(let row, let rows):
      "Row \(row) cannot be kept, since the last pass has \(rows) rows."
    case .contextOverflow(let needed, let contextLength):
      "The text needs \(needed) positions, but the context is \(contextLength) tokens long."
    case .cacheOfOtherModel:
      "The cache was made by a model with other layers or heads."
    }
  }
}
