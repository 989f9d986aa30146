import Llama
import Lookahead

/// How a session decodes, when its texts end, and what it keeps between runs.
public struct SessionSettings: Sendable {
  /// Lookahead decoding, or nil for plain or Jacobi decoding. It changes the speed only.
  public var lookahead: LookaheadConfiguration?
  /// Jacobi decoding, where there is no `lookahead`.
  public var jacobi: JacobiConfiguration?
  /// Proposes drafts beside the drafter of `lookahead`.
  public var drafter: (any Drafter)?
  public var sampling: SamplingConfiguration
  public var maximumTokens = 128
  /// Positions to use at most, prompt included; the model's context if not given.
  public var contextLimit: Int?
  /// Prompt tokens that one pass reads.
  public var prefillChunk = 128
  /// A text ends before the first of these strings.
  public var stopStrings: [String] = []
  /// Whether a text goes on after the model's end tokens.
  public var ignoresEndTokens = false
  /// A file that keeps texts, from which later runs take drafts.
  public var poolCache: String?
  /// The folder that keeps what is learnt under the automatic schedule: step costs, and what drafting
  /// learns; nil to keep nothing.
  public var cacheFolder = UserCache.folder
  /// Whether drafting learns from the model's logits, from text to text (`DraftMemory`). It changes the
  /// speed only. Under the fixed schedule it never does: there each pass depends on the text alone.
  public var learns = true
  /// Texts that are made at once (`TextSession.generate(_:stop:onEvent:)`); each has a cache of its own,
  /// and all are counted before the weights are read.
  public var textsAtOnce = 1

  /// Lookahead decoding with the automatic schedule, greedy unless given otherwise.
  public init(sampling: SamplingConfiguration? = nil) throws {
    try self.init(lookahead: LookaheadConfiguration(), sampling: sampling)
  }

  public init(lookahead: LookaheadConfiguration?, sampling: SamplingConfiguration? = nil) throws {
    self.lookahead = lookahead
    self.sampling = try sampling ?? SamplingConfiguration()
  }

  /// A decoder with an empty KV cache.
  /// - Parameter memory: what drafting learnt before; nil to learn nothing.
  public func makeDecoder<Model: CausalLanguageModel>(
    for model: Model, earlierTexts: [[TokenID]] = [],
    memory: DraftMemory? = nil, stepCost: StepCost = StepCost(), clock: PassClock = .system,
    observer: (any PassObserver)? = nil
  ) throws -> any Decoder<Model> {
    let selector = SamplingSelector(sampling)
    guard let lookahead else {
      if let jacobi {
        return try JacobiDecoder(
          model: model, selector: selector, configuration: jacobi, contextLimit: contextLimit,
          prefillChunk: prefillChunk, observer: observer)
      }
      return try AutoregressiveDecoder(
        model: model, selector: selector, contextLimit: contextLimit, prefillChunk: prefillChunk,
        observer: observer)
    }
    let builtIn = lookahead.makeDrafter(earlierTexts: earlierTexts, memory: memory)
    return try LookaheadDecoder(
      model: model, selector: selector, configuration: lookahead,
      drafter: drafter.map { CombinedDrafter([$0, builtIn]) } ?? builtIn,
      contextLimit: contextLimit, prefillChunk: prefillChunk, stepCost: stepCost,
      clock: clock, observer: observer)
  }

  /// Whether drafts come from a `DraftMemory` too.
  var keepsMemory: Bool {
    learns && lookahead?.policy == .standard && lookahead?.schedule == .automatic
  }

  /// The largest passes of a text.
  /// - Parameter prompt: tokens of the prompt; nil where the text may fill the context.
  /// - Throws: `LookaheadError` for a context beyond the model's, or a prompt that leaves no room.
  public func use(of checkpoint: Checkpoint, prompt: Int?) throws -> ModelUse {
    let limit = contextLimit ?? checkpoint.configuration.contextLength
    if limit > checkpoint.configuration.contextLength {
      throw LookaheadError.contextBeyondModel(
        requested: limit, contextLength: checkpoint.configuration.contextLength)
    }
    if let prompt, prompt >= limit {
      throw LookaheadError.promptTooLong(tokens: prompt, contextLength: limit)
    }
    var use = ModelUse.decoding(
      prompt: prompt ?? limit, maximumTokens: maximumTokens, contextLimit: limit,
      prefillChunk: prefillChunk,
      pass: lookahead?.largestPass ?? jacobi.map { $0.blockSize + 1 } ?? 1)
    use.draftBytes = (lookahead?.draftBytes(tokens: use.tokens) ?? 0)
      .adding(keepsMemory ? DraftMemory.maximumBytes : 0)
    return use.times(textsAtOnce)
  }

  /// When a text ends.
  /// - Throws: `SessionError.noTokenizer` if there are stop strings and no tokenizer;
  ///   `ChatTemplateError` if `isChat` and there is no template.
  public func stopRules(for opened: OpenedModel, isChat: Bool) throws -> StopRules {
    let endTokens = try opened.endTokens(isChat: isChat)
    return StopRules(
      endTokens: ignoresEndTokens ? [] : endTokens, maximumTokens: maximumTokens,
      stopStrings: stopStrings.isEmpty
        ? nil : try StopStrings(stopStrings, tokenizer: opened.requiredTokenizer()))
  }
}
