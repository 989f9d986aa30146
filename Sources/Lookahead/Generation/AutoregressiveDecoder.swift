import Llama
import Tensor

/// Plain decoding: one pass, one token. What lookahead decoding is measured against.
public struct AutoregressiveDecoder<Model: CausalLanguageModel, Selector: TokenSelector>: Decoder {
  private var state: TextCache<Model>
  private let selector: Selector

  /// A decoder with an empty cache.
  /// - Parameters:
  ///   - contextLimit: positions to use at the most; the model's context if it is not given.
  ///   - prefillChunk: prompt tokens that one pass reads.
  ///   - observer: who sees every pass, if anybody.
  /// - Throws: `LookaheadError` for a limit that the model cannot serve, or a chunk below 1.
  public init(
    model: Model, selector: Selector, contextLimit: Int? = nil, prefillChunk: Int = 128,
    observer: (any PassObserver)? = nil
  ) throws {
    state = try TextCache(
      model: model, contextLimit: contextLimit, prefillChunk: prefillChunk, observer: observer)
    self.selector = selector
  }

  /// Prompt and settled tokens.
  public var text: [TokenID] { state.text }

  /// Positions `0 ..< contextLimit` may be used.
  public var contextLimit: Int { state.contextLimit }

  /// How many tokens of a prompt the cache holds already.
  public func cachedTokens(of prompt: [TokenID]) -> Int { state.cachedTokens(of: prompt) }

  /// Reads a prompt and settles the token after it.
  public mutating func start(
    prompt: [TokenID], onProgress: (PromptProgress) throws -> Void
  ) throws -> SettledTokens {
    let read = try state.read(prompt: prompt, continuation: [], onProgress: onProgress)
    let token = try state.choose(by: selector, from: read.logits, row: 0)
    state.settleFirst(token)
    try state.observer?.observe(PassRecord(prompt: read, selected: token))
    return SettledTokens(tokens: [token], logits: read.logits, logitRows: [0], rows: 1)
  }

  /// Reads the current token and settles the next.
  public mutating func step(stop: StopRules) throws -> SettledTokens {
    let position = state.text.count - 1
    let logits = try state.run(
      tokens: [state.text[position]], positions: [position],
      mask: .causal(cachedCount: position, queries: 1), logitRows: [0])
    let token = try state.choose(by: selector, from: logits, row: 0)
    try state.settle([token], keepingRows: [0])
    if let observer = state.observer {
      let plan = PassPlan(
        current: state.text[position], position: position, window: nil, tree: CandidateTree())
      let accepted = PassAnswers.Accepted(tokens: [token], rows: [0], sources: [nil])
      try observer.observe(
        PassRecord(plan, cachedCount: position, logitRows: [0], accepted: accepted))
    }
    return SettledTokens(tokens: [token], logits: logits, logitRows: [0], rows: 1)
  }

  /// Takes back the last settled tokens.
  public mutating func takeBack(_ count: Int) { state.takeBack(count) }
}
