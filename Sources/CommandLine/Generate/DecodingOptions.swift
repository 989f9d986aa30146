import ArgumentParser
import Llama
import Lookahead

/// The two ways to make text, which make the same.
enum DecodingMethod: String, CaseIterable, Encodable, ExpressibleByArgument {
  /// Several tokens a pass.
  case lookahead
  /// One pass, one token.
  case autoregressive
}

/// How text is made, and how much.
struct DecodingOptions: ParsableArguments {
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Tokens to make at the most.", valueName: "count"))
  var maxTokens = 128

  @Option(
    name: [.customShort("c"), .long],
    help: ArgumentHelp(
      "Positions to use at the most, prompt included. (default: the model's)", valueName: "count"))
  var context: Int?

  @Option(help: "How text is made; changes the speed only.")
  var decoding = DecodingMethod.lookahead

  @OptionGroup var lookahead: LookaheadOptions

  @Option(
    help: ArgumentHelp(
      "A file that keeps generated texts as a source of candidates for later runs.",
      valueName: "file"))
  var poolCache: String?

  @Option(
    help: ArgumentHelp("Tokens of the prompt that one pass reads.", valueName: "count"))
  var prefillChunk = 128

  @Flag(name: .long, help: "Make text on beyond the tokens that end one.")
  var ignoreEos = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("End the text before this string. Can be repeated.", valueName: "text"))
  var stop: [String] = []

  func validate() throws {
    let counts = [
      ("number of tokens", maxTokens), ("context", context ?? 1), ("prefill chunk", prefillChunk),
    ]
    for (name, value) in counts where value < 1 {
      throw ValidationError(
        LookaheadError.notPositive(name: name, found: value).description)
    }
    if poolCache != nil, decoding == .autoregressive || lookahead.policy != .standard {
      throw ValidationError("--pool-cache is of use to lookahead with the policy standard alone.")
    }
    if poolCache != nil, let sources = lookahead.poolSources, !sources.contains(.file) {
      throw ValidationError(
        "--pool-cache is of no use where --pool-sources does not name the file.")
    }
    if decoding == .autoregressive { try checkPlain(asked: "--decoding autoregressive") }
    if stop.contains("") { throw ValidationError(LookaheadError.emptyStopString.description) }
  }

  /// Refuses what only lookahead decoding has.
  /// - Parameter asked: what asked for plain decoding.
  func checkPlain(asked: String) throws {
    if lookahead.choosesRows {
      throw ValidationError(
        "\(asked) makes one token a pass, so it has no use for -W, -N, -G, --pool-sources, --policy or "
          + "--no-tree.")
    }
  }

  /// Who decides how many rows a pass has; nobody where each has one.
  var schedule: LookaheadConfiguration.Schedule? {
    get throws {
      decoding == .lookahead ? try lookahead.configuration(seed: 0).schedule : nil
    }
  }

  /// The file of `--pool-cache`, if there is one.
  func openPoolCache(for opened: OpenedModel) throws -> PoolCache? {
    try poolCache.map { try PoolCache(path: $0, opened: opened) }
  }

  /// A decoder with an empty cache.
  func makeDecoder(
    _ method: DecodingMethod, for model: some CausalLanguageModel, sampling: SamplingConfiguration,
    earlier: EarlierTexts? = nil, stepCost: StepCost = StepCost(),
    observer: (any PassObserver)? = nil
  ) throws -> any Decoder {
    let selector = SamplingSelector(sampling)
    return switch method {
    case .lookahead:
      try LookaheadDecoder(
        model: model, selector: selector,
        configuration: lookahead.configuration(seed: sampling.seed),
        earlierTexts: earlier?.texts ?? [], contextLimit: context, prefillChunk: prefillChunk,
        stepCost: stepCost, observer: observer)
    case .autoregressive:
      try AutoregressiveDecoder(
        model: model, selector: selector, contextLimit: context, prefillChunk: prefillChunk,
        observer: observer)
    }
  }

  /// What a model is asked for.
  /// - Parameter prompt: tokens of the prompt; none where the text may fill the context.
  /// - Throws: `LookaheadError` for a context that the model does not have, or a prompt that leaves
  ///   no room in it.
  func use(of checkpoint: Checkpoint, prompt: Int?) throws -> ModelUse {
    let limit = context ?? checkpoint.configuration.contextLength
    if limit > checkpoint.configuration.contextLength {
      throw LookaheadError.contextBeyondModel(
        requested: limit, contextLength: checkpoint.configuration.contextLength)
    }
    if let prompt, prompt >= limit {
      throw LookaheadError.promptTooLong(tokens: prompt, contextLength: limit)
    }
    let pass = decoding == .autoregressive ? 1 : try lookahead.configuration(seed: 0).largestPass
    return .decoding(
      prompt: prompt ?? limit, maximumTokens: maxTokens, contextLimit: limit,
      prefillChunk: prefillChunk, pass: pass)
  }

  /// When to stop: after the tokens that end a text, unless they are to be ignored, and before the
  /// stop strings.
  /// - Throws: `CommandError.noTokenizer` if there are stop strings, but nothing makes text of
  ///   tokens.
  func stopRules(endTokens: Set<TokenID>, for opened: OpenedModel) throws -> StopRules {
    StopRules(
      endTokens: ignoreEos ? [] : endTokens, maximumTokens: maxTokens,
      stopStrings: stop.isEmpty
        ? nil : try StopStrings(stop, tokenizer: opened.requiredTokenizer()))
  }
}
