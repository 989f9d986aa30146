extension LlamaConfiguration {
  /// Checks that the arguments of a forward pass fit each other, the model and the cache.
  /// - Throws: `LlamaError`, for the first thing that does not fit.
  func checkPass(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int], cachedCount: Int
  ) throws {
    guard tokens.count == positions.count, tokens.count == mask.queries else {
      throw LlamaError.unequalCounts(
        tokens: tokens.count, positions: positions.count, maskQueries: mask.queries)
    }
    guard mask.cachedCount == cachedCount else {
      throw LlamaError.maskForOtherCache(
        expectedCached: cachedCount, foundCached: mask.cachedCount)
    }
    for token in tokens where token < 0 || token >= vocabularySize {
      throw LlamaError.unknownToken(id: token, vocabularySize: vocabularySize)
    }
    for position in positions where position < 0 || position >= contextLength {
      throw LlamaError.positionOutOfRange(position: position, contextLength: contextLength)
    }
    for (row, keys) in mask.visible.enumerated() where keys.count == 0 {
      throw LlamaError.queryWithoutKeys(row: row)
    }
    for row in logitRows where row < 0 || row >= tokens.count {
      throw LlamaError.logitRowOutOfRange(row: row, rows: tokens.count)
    }
  }
}
