import Tensor

/// One forward pass over one cache, as data: it can be stored, sent to another process, or run
/// together with the requests of other texts.
public struct PassRequest: Equatable, Sendable {
  /// Token ids, one for each row.
  public let tokens: [TokenID]
  /// The position of each row.
  public let positions: [Int]
  /// What each row attends to: the cached keys and the rows of this pass.
  public let mask: AttentionMask
  /// The rows whose logits are wanted.
  public let logitRows: [Int]

  public init(tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int]) {
    self.tokens = tokens
    self.positions = positions
    self.mask = mask
    self.logitRows = logitRows
  }

  /// Consecutive tokens directly behind the cache, each attending to all before it.
  public init(causal tokens: [TokenID], cachedCount: Int, logitRows: [Int]) {
    self.init(
      tokens: tokens, positions: Array(cachedCount..<cachedCount + tokens.count),
      mask: .causal(cachedCount: cachedCount, queries: tokens.count), logitRows: logitRows)
  }

  /// Keys that the cache must hold when the pass is run.
  public var cachedCount: Int { mask.cachedCount }
}

/// The result of a `PassRequest`.
public struct PassOutput: Sendable {
  /// `[logitRows.count, vocabularySize]`, in the order of the request's `logitRows`.
  public let logits: Matrix
  /// Duration of the forward pass; without it a schedule learns nothing from the pass.
  public let milliseconds: Double?

  public init(logits: Matrix, milliseconds: Double? = nil) {
    self.logits = logits
    self.milliseconds = milliseconds
  }
}

extension CausalLanguageModel {
  /// Runs a requested pass; its rows stay in the cache as new rows.
  public func forward(_ request: PassRequest, cache: inout Cache) throws -> Matrix {
    try forward(
      tokens: request.tokens, positions: request.positions, mask: request.mask,
      logitRows: request.logitRows, cache: &cache)
  }
}
