import Tensor

/// One forward pass over one cache, as data: it can be stored, sent to another process, or run
/// together with the requests of other texts. The arguments of `CausalLanguageModel.forward`.
public struct PassRequest: Equatable, Sendable {
  public let tokens: [TokenID]
  public let positions: [Int]
  public let mask: AttentionMask
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

public struct PassOutput: Sendable {
  /// `[logitRows.count, vocabularySize]`, in the order of the request's `logitRows`.
  public let logits: Matrix
  /// Duration of the forward pass; without it a schedule learns nothing from the pass.
  public let milliseconds: Double?
  /// Rows of other texts that were in the pass.
  public let otherRows: Int

  public init(logits: Matrix, milliseconds: Double? = nil, otherRows: Int = 0) {
    self.logits = logits
    self.milliseconds = milliseconds
    self.otherRows = otherRows
  }
}

extension CausalLanguageModel {
  public func forward(_ request: PassRequest, cache: inout Cache) throws -> Matrix {
    try forward(
      tokens: request.tokens, positions: request.positions, mask: request.mask,
      logitRows: request.logitRows, cache: &cache)
  }
}
