import Llama
import Tensor

/// Plain decoding, one token per pass: the baseline of lookahead decoding.
public struct AutoregressiveDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  public let model: Model
  private var state: TextState<Model.Cache>
  private let selector: Selector
  /// Planned and not committed yet.
  private var planned: PassRequest?

  /// - Parameters:
  ///   - contextLimit: the model's context length by default.
  ///   - prefillChunk: maximum number of prompt tokens in a pass.
  /// - Throws: `LookaheadError` for a limit beyond the model's, or a chunk below 1.
  public init(
    model: Model, selector: Selector, contextLimit: Int? = nil, prefillChunk: Int = 128,
    observer: (any PassObserver)? = nil
  ) throws {
    self.model = model
    self.selector = selector
    state = try TextState(
      model: model, contextLimit: contextLimit, prefillChunk: prefillChunk, observer: observer)
  }

  public var text: [TokenID] { state.text }
  public var contextLimit: Int { state.contextLimit }
  public var cache: Model.Cache {
    get { state.cache }
    _modify { yield &state.cache }
  }

  public func cachedTokens(of prompt: [TokenID]) -> Int { state.cachedTokens(of: prompt) }

  public mutating func begin(prompt: [TokenID]) throws {
    planned = nil
    try state.begin(prompt: prompt)
  }

  public mutating func plan() throws -> PassRequest {
    let request =
      state.readsPrompt
      ? try state.promptChunk().request
      : PassRequest(
        causal: [state.text[state.position]], cachedCount: state.position, logitRows: [0])
    planned = request
    return request
  }

  public mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted {
    guard let request = planned else { throw LookaheadError.noPlannedPass }
    try output.check(against: request)
    let kind = state.readsPrompt ? PassRecord.Kind.prompt : .step
    // No logits are requested for a part of the prompt before its end.
    let tokens = try request.logitRows.indices.map {
      try state.choose(by: selector, from: output.logits, row: $0)
    }
    let committedRows = Array(request.tokens.indices)
    planned = nil
    try state.cache.keep(newRows: committedRows)
    state.accept(tokens)
    try state.observer?.observe(
      PassRecord(
        kind: kind, request: request, accepted: tokens, acceptedRows: request.logitRows,
        committedRows: committedRows))
    return Accepted(
      tokens: tokens, logits: output.logits, logitRows: Array(tokens.indices), rows: tokens.count,
      origins: tokens.map { _ in nil })
  }

  public mutating func rollBack(_ count: Int) { state.rollBack(count) }
}

extension PassOutput {
  /// - Throws: `LookaheadError.wrongOutput` if the number of rows is not that of the request.
  func check(against request: PassRequest) throws {
    if logits.rows != request.logitRows.count {
      throw LookaheadError.wrongOutput(expected: request.logitRows.count, found: logits.rows)
    }
  }
}
