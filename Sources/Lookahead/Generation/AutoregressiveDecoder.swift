import Llama
import Tensor

/// Plain decoding, one token per pass: the baseline of lookahead decoding.
public struct AutoregressiveDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  public let model: Model
  private var state: TextState<Model.Cache>
  private let selector: Selector
  private var planned: PlannedPass?

  /// A pass that was planned and not committed yet.
  private struct PlannedPass {
    let request: PassRequest
    /// The row that a token is chosen from; nil for a part of the prompt before its end.
    let decidingRow: Int?
    let committedRows: [Int]
  }

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
    let pass: PlannedPass
    if state.readsPrompt {
      let chunk = try state.promptChunk()
      pass = PlannedPass(
        request: chunk.request, decidingRow: chunk.request.logitRows.first,
        committedRows: Array(0..<chunk.committedCount))
    } else {
      let request = PassRequest(
        causal: [state.text[state.position]], cachedCount: state.position, logitRows: [0])
      pass = PlannedPass(request: request, decidingRow: 0, committedRows: [0])
    }
    planned = pass
    return pass.request
  }

  public mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted {
    guard let pass = planned else { throw LookaheadError.noPlannedPass }
    try output.check(against: pass.request)
    let kind = state.readsPrompt ? PassRecord.Kind.prompt : .step
    var tokens: [TokenID] = []
    if pass.decidingRow != nil {
      tokens = [try state.choose(by: selector, from: output.logits, row: 0)]
    }
    planned = nil
    try state.commit(rows: pass.committedRows)
    state.accept(tokens)
    try state.observer?.observe(
      PassRecord(
        kind: kind, request: pass.request, accepted: tokens,
        acceptedRows: pass.decidingRow.map { [$0] } ?? [], committedRows: pass.committedRows))
    return Accepted(
      tokens: tokens, logits: output.logits, logitRows: tokens.map { _ in 0 }, rows: tokens.count)
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
