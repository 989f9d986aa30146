import Llama
import Lookahead
import Synchronization
import Tensor

/// A model in memory with a decoder, its KV cache and what it has learnt: makes one text at a time.
///
/// Sessions of several users share a model: `init(_:model:settings:)`.
public final class TextSession: Sendable {
  public let opened: OpenedModel
  public let model: LlamaModel
  public let settings: SessionSettings
  /// Seconds that opening the files and reading the weights took; 0 for a shared model.
  public let loadSeconds: Double
  /// What was found in the cache folder; empty where nothing was looked for.
  public let keptNotes: [KeptNote]
  private let decoder: AsyncDecoder
  private let costs: StepCostCache?
  private let memories: DraftMemoryCache?
  private let kept: Mutex<Kept>
  /// Another decoder that begins with what was kept.
  let makeDecoder: @Sendable () throws -> any Decoder<LlamaModel>

  private struct Kept {
    var pool: EarlierTexts?
    var hasWarned = false
    /// What decoders of several texts learnt last; nil where there were none.
    var cost: StepCost?
    var memory: DraftMemory?
  }

  /// Opens a GGUF file or a Hugging Face folder and reads the weights, if there is memory for them.
  public convenience init(path: String, settings: SessionSettings? = nil) throws {
    try self.init(OpenedModel(path: path), settings: settings ?? SessionSettings())
  }

  /// Reads the weights of an opened model, if there is memory for them.
  /// - Parameters:
  ///   - cacheFormat: the form of keys and values in the cache; float16 rounds them once, and so
  ///     changes the text, for half the memory.
  ///   - executor: one thread for each fast core if not given.
  ///   - promptTokens: tokens of the only prompt, for the memory check; nil where texts may fill
  ///     the context.
  ///   - onProgress: as in `OpenedModel.load`.
  /// - Throws: `LookaheadError` for a context or prompt beyond the model's; `MemoryError`; what reading
  ///   the pool cache, before the weights, and `OpenedModel.load` throw.
  public convenience init(
    _ opened: OpenedModel, settings: SessionSettings, path: MatrixProductPath = .exact,
    storage: WeightStorage = .stored, cacheFormat: KeyValueFormat = .float32,
    on executor: Executor? = nil, promptTokens: Int? = nil,
    onProgress: (Double) throws -> Void = { _ in }
  ) throws {
    let use = try settings.use(of: opened.checkpoint, prompt: promptTokens)
    let pool = try settings.poolCache.map { try EarlierTexts(path: $0, opened: opened) }
    let clock = ContinuousClock()
    let begin = clock.now
    let model = try opened.load(
      path: path, storage: storage, cacheFormat: cacheFormat,
      on: executor ?? Executor(threadCount: Processors.fast), use: use, onProgress: onProgress)
    try self.init(
      opened, model, settings, pool,
      loadSeconds: opened.seconds + begin.duration(to: clock.now) / .seconds(1))
  }

  /// A session with a model that others use too.
  public convenience init(
    _ opened: OpenedModel, model: LlamaModel, settings: SessionSettings
  ) throws {
    let pool = try settings.poolCache.map { try EarlierTexts(path: $0, opened: opened) }
    try self.init(opened, model, settings, pool, loadSeconds: 0)
  }

  private init(
    _ opened: OpenedModel, _ model: LlamaModel, _ settings: SessionSettings, _ pool: EarlierTexts?,
    loadSeconds: Double
  ) throws {
    (self.opened, self.model, self.settings) = (opened, model, settings)
    self.loadSeconds = loadSeconds
    kept = Mutex(Kept(pool: pool))
    // Only the automatic schedule uses what passes cost.
    costs =
      settings.lookahead?.schedule == .automatic
      ? try StepCostCache(opened, model, folder: settings.cacheFolder) : nil
    let cost = costs?.read()
    memories =
      settings.keepsMemory ? try DraftMemoryCache(opened, folder: settings.cacheFolder) : nil
    let memory = memories?.read()
    keptNotes = [cost?.note, memory?.note].compactMap { $0 }
    makeDecoder = {
      try settings.makeDecoder(
        for: model, earlierTexts: pool?.texts ?? [], memory: memory?.memory,
        stepCost: cost?.cost ?? StepCost())
    }
    self.decoder = AsyncDecoder(try makeDecoder(), tokenizer: opened.tokenizer)
  }

  /// Makes a text.
  /// - Parameters:
  ///   - onTokens: called with the tokens of each pass; its result can cancel the text. It must not
  ///     use the session.
  ///   - onProgress: called while the prompt is read; throwing `CancellationError` cancels the text.
  /// - Throws: what `OpenedModel.tokens(of:)`, `SessionSettings.stopRules` and `Decoder.generate`
  ///   throw.
  public func generate(
    _ prompt: Prompt,
    onTokens: (Accepted) throws -> Continuation = { _ in .proceed },
    onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> GeneratedText {
    try generate(
      opened.tokens(of: prompt), stop: settings.stopRules(for: opened, isChat: prompt.isChat),
      onTokens: onTokens, onProgress: onProgress)
  }

  /// Makes a text of a prompt in tokens, with stop rules of its own.
  public func generate(
    _ prompt: [TokenID], stop: StopRules,
    onTokens: (Accepted) throws -> Continuation = { _ in .proceed },
    onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> GeneratedText {
    let text = try decoder.withDecoder { decoder in
      let reused = decoder.cachedTokens(of: prompt)
      let result = try decoder.generate(
        prompt: prompt, stop: stop, onTokens: onTokens, onProgress: onProgress)
      let text = opened.tokenizer.map {
        OutputText.text(of: result.tokens, $0, stopStrings: stop.stopStrings)
      }
      return GeneratedText(text: text ?? "", prompt: prompt, reusedTokens: reused, result: result)
    }
    remember(text.result.tokens)
    return text
  }

  /// Begins to make a text whose events are awaited; see `AsyncDecoder.generate`.
  public func stream(_ prompt: Prompt) throws -> GenerationEvents {
    try stream(
      opened.tokens(of: prompt), stop: settings.stopRules(for: opened, isChat: prompt.isChat),
      onResult: { _ in })
  }

  func stream(
    _ prompt: [TokenID], stop: StopRules,
    onResult: @escaping @Sendable (GenerationResult) throws -> Void
  ) -> GenerationEvents {
    decoder.generate(prompt: prompt, stop: stop) { [self] result in
      remember(result.tokens)
      try onResult(result)
    }
  }

  /// Begins a conversation.
  /// - Parameter system: a system message; if not given, the chat template's default.
  /// - Throws: `SessionError.noTokenizer`, `SessionError.noSystemMessages`, `ChatTemplateError`.
  public func conversation(system: String? = nil) throws -> Conversation {
    try Conversation(self, system: system)
  }

  private func remember(_ tokens: [TokenID]) { kept.withLock { $0.pool?.append(tokens) } }

  /// Keeps what the decoders of several texts have learnt, for `save`: the first one's.
  func keepLearnt(of decoders: [any Decoder<LlamaModel>]) {
    kept.withLock { kept in
      kept.cost = decoders.first?.stepCost
      kept.memory = decoders.first?.draftMemory
    }
  }

  /// Writes what was learnt: what passes cost and what drafting learnt to the cache folder, the texts to
  /// the pool cache. It changes the speed of later runs only.
  /// - Returns: a warning, the first time that something cannot be written to the cache folder.
  /// - Throws: `OutputFileError` if the pool cache cannot be written.
  @discardableResult
  public func save() throws -> String? {
    let own = decoder.withDecoder { ($0.stepCost, $0.draftMemory) }
    return try kept.withLock { kept in
      let cost = kept.cost ?? own.0
      let memory = kept.memory ?? own.1
      let problem =
        cost.flatMap { costs?.write($0) } ?? memory.flatMap { memories?.write($0) }
      if let path = settings.poolCache { try kept.pool?.write(to: path) }
      defer { kept.hasWarned = kept.hasWarned || problem != nil }
      return kept.hasWarned ? nil : problem
    }
  }

  /// Waits for a running text to end and calls `body` with the decoder.
  public func withDecoder<Value: Sendable>(
    _ body: (inout any Decoder) throws -> Value
  ) rethrows -> Value {
    try decoder.withDecoder(body)
  }
}

/// A text that a session made.
public struct GeneratedText: Sendable {
  /// Up to a stop string, without special tokens; empty where the model has no tokenizer.
  public let text: String
  public let prompt: [TokenID]
  /// Tokens of the prompt that were in the KV cache already.
  public let reusedTokens: Int
  public let result: GenerationResult
}
