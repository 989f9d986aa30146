import Llama

/// Generates text pass by pass: it plans a pass, the model runs it, and the decoder commits the
/// result. It never calls the model itself outside of `step`, so passes of several decoders can be
/// planned before any is run.
///
/// The cache is reused from one text to the next: of a prompt only the tokens after the common prefix
/// are read.
public protocol Decoder<Model>: Sendable {
  associatedtype Model: CausalLanguageModel

  var model: Model { get }
  /// The KV cache of the text, for the requests of `plan`.
  var cache: Model.Cache { get set }
  /// Times passes in `step`.
  var clock: PassClock { get }
  /// Prompt and accepted tokens.
  var text: [TokenID] { get }
  /// Positions are below this.
  var contextLimit: Int { get }
  /// The measured cost of passes; nil for decoders that do not measure it.
  var stepCost: StepCost? { get }
  /// The other texts in the passes to come, beside which its own are planned. Decoders that plan by what
  /// passes cost heed them.
  var others: OtherTexts { get set }
  /// What its drafter has learnt of the model; nil for decoders that keep nothing.
  var draftMemory: DraftMemory? { get }

  /// How many tokens of a prompt are in the cache, so that they need not be read.
  func cachedTokens(of prompt: [TokenID]) -> Int

  /// Begins a text; the next passes read its prompt.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`, or what a drafter
  ///   throws.
  mutating func begin(prompt: [TokenID]) throws

  /// The next pass: a chunk of the prompt, or a decoding step. Planning again before `commit`
  /// replaces the plan.
  mutating func plan() throws -> PassRequest

  /// Commits the output of the last planned pass, whose rows are the cache's new rows.
  /// - Parameter stop: no token is accepted beyond these rules.
  /// - Returns: the accepted tokens; none while the prompt is being read.
  /// - Throws: `LookaheadError.noPlannedPass`, `LookaheadError.wrongOutput`, `UnusableLogits`, or
  ///   what the selector, a drafter or an observer throws.
  mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted

  /// Rolls back the last accepted tokens, as if the pass had ended before them.
  /// - Precondition: `count` is less than the number of tokens that the last pass accepted.
  mutating func rollBack(_ count: Int)
}

/// What other texts have in a pass.
public struct OtherTexts: Equatable, Sendable {
  public let rows: Int
  /// Tokens that they are expected to accept together.
  public let tokens: Double

  public init(rows: Int, tokens: Double) {
    self.rows = rows
    self.tokens = tokens
  }

  public static let none = OtherTexts(rows: 0, tokens: 0)
}

extension Decoder {
  public var clock: PassClock { .system }
  public var stepCost: StepCost? { nil }
  public var draftMemory: DraftMemory? { nil }
  public var others: OtherTexts {
    get { .none }
    set { _ = newValue }
  }

  public mutating func step(stop: StopRules) throws -> Accepted {
    let request = try plan()
    let began = clock.now()
    let logits = try model.forward(request, cache: &cache)
    let output = PassOutput(logits: logits, milliseconds: clock.now() - began)
    do {
      return try commit(output, stop: stop)
    } catch let error as UnusableLogits {
      throw error.problem.at(try model.originOfNonFinite(in: error.text))
    }
  }

  /// Reads a prompt, and accepts the token after it.
  /// - Parameter onProgress: called before the first and after every pass; its error ends the prefill.
  public mutating func start(
    prompt: [TokenID], onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> Accepted {
    try begin(prompt: prompt)
    try onProgress(PromptProgress(read: cachedTokens(of: prompt), total: prompt.count))
    let stop = StopRules(endTokens: [], maximumTokens: 1)
    while true {
      let accepted = try step(stop: stop)
      let isRead = !accepted.tokens.isEmpty
      try onProgress(
        PromptProgress(read: isRead ? prompt.count : cache.count, total: prompt.count))
      if isRead { return accepted }
    }
  }
}
