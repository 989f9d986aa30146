import Llama
import Tensor

/// Jacobi decoding: a block of guesses behind the current token, which every pass replaces by the model's
/// predictions, until they no longer change. Of the block the tokens that were right are accepted, so the
/// text is that of plain decoding; it is lookahead decoding with a window of one level and no memory of
/// n-grams.
///
/// A pass has the current token `x_0` and the guesses `y_1 … y_m` at the positions behind it, under a
/// causal mask, and predicts `a_0 … a_m`. Accepted are `a_0`, and `a_i` as long as `y_i = a_(i-1)`; the
/// other predictions are the next guesses. Source: arXiv:2305.10427; for consistency-trained models
/// arXiv:2403.00835.
public struct JacobiDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  public let model: Model
  public let configuration: JacobiConfiguration
  private var state: TextState<Model.Cache>
  private let selector: Selector
  private var planned: PassRequest?
  /// The guesses behind the current token, `y_1 …`.
  private(set) var block: [TokenID] = []
  private var generator: SplitMix64

  /// - Parameters:
  ///   - contextLimit: the model's context length by default.
  ///   - prefillChunk: maximum number of prompt tokens in a pass.
  /// - Throws: `LookaheadError` for a limit beyond the model's, or a chunk below 1.
  public init(
    model: Model, selector: Selector, configuration: JacobiConfiguration,
    contextLimit: Int? = nil, prefillChunk: Int = 128, observer: (any PassObserver)? = nil
  ) throws {
    self.model = model
    self.selector = selector
    self.configuration = configuration
    generator = SplitMix64(seed: configuration.seed)
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
    block = []
    generator = SplitMix64(seed: configuration.seed)
    try state.begin(prompt: prompt)
  }

  public mutating func plan() throws -> PassRequest {
    if state.readsPrompt {
      let request = try state.promptChunk().request
      planned = request
      return request
    }
    if block.isEmpty || configuration.block == .refills { fillBlock() }
    let guesses = block.prefix(contextLimit - state.text.count)
    let tokens = [state.text[state.position]] + guesses
    let request = PassRequest(
      causal: tokens, cachedCount: state.position, logitRows: Array(tokens.indices))
    planned = request
    return request
  }

  /// Adds guesses up to the size of the block: tokens of the text, drawn at random.
  private mutating func fillBlock() {
    while block.count < configuration.blockSize {
      block.append(state.text[Int.random(in: 0..<state.text.count, using: &generator)])
    }
  }

  public mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted {
    guard let request = planned else { throw LookaheadError.noPlannedPass }
    try output.check(against: request)
    if state.readsPrompt { return try commitPrompt(request, output.logits) }
    var tokens: [TokenID] = []
    for row in request.tokens.indices {
      tokens.append(
        try state.choose(by: selector, from: output.logits, row: row, accepting: tokens))
      guard row + 1 < request.tokens.count, request.tokens[row + 1] == tokens[row],
        stop.accepts(tokens, generated: state.generatedCount)
      else { break }
    }
    let rows = Array(tokens.indices)
    planned = nil
    // What was predicted behind the accepted tokens are the next guesses for the same positions.
    block = (tokens.count..<request.tokens.count).map { output.logits.argmax(row: $0) }
    return try accept(tokens, rows: rows, committed: rows, .step, request, output.logits)
  }

  private mutating func commitPrompt(
    _ request: PassRequest, _ logits: Matrix
  ) throws -> Accepted {
    // No logits are requested for a part of the prompt before its end.
    let tokens = try request.logitRows.indices.map {
      try state.choose(by: selector, from: logits, row: $0)
    }
    planned = nil
    return try accept(
      tokens, rows: request.logitRows, committed: Array(request.tokens.indices), .prompt, request,
      logits)
  }

  /// - Parameter rows: for each token the row of the pass that it was chosen from.
  private mutating func accept(
    _ tokens: [TokenID], rows: [Int], committed: [Int], _ kind: PassRecord.Kind,
    _ request: PassRequest, _ logits: Matrix
  ) throws -> Accepted {
    try state.cache.keep(newRows: committed)
    state.accept(tokens)
    try state.observer?.observe(
      PassRecord(
        kind: kind, request: request, accepted: tokens, acceptedRows: rows,
        committedRows: committed))
    return Accepted(
      tokens: tokens, logits: logits, logitRows: Array(tokens.indices),
      rows: kind == .prompt ? tokens.count : request.tokens.count,
      origins: tokens.indices.map { $0 + 1 < tokens.count ? .jacobi : nil })
  }

  public mutating func rollBack(_ count: Int) {
    state.rollBack(count)
    block = []
  }
}

extension DraftOrigin {
  /// A guess of Jacobi decoding that was right.
  public static let jacobi = DraftOrigin("jacobi")
}
