/// Why a forward pass was refused. Each description is one sentence.
public enum LlamaError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownToken(id: TokenID, vocabularySize: Int)
  case positionOutOfRange(position: Int, contextLength: Int)
  /// Tokens, positions and mask rows that are not equally many.
  case unequalCounts(tokens: Int, positions: Int, maskQueries: Int)
  case maskForOtherCache(expectedCached: Int, foundCached: Int)
  /// A query that sees no key has no attention weights.
  case queryWithoutKeys(row: Int)
  case logitRowOutOfRange(row: Int, rows: Int)
  case keptRowOutOfRange(row: Int, rows: Int)
  /// A cache of other layers or heads, or whose keys and values have another format.
  case cacheOfOtherModel

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
    case .cacheOfOtherModel:
      "The cache was made by a model with other layers, heads, or form of keys and values."
    }
  }
}
