import Llama

/// Generates text pass by pass: it plans a pass, the model runs it, and the decoder commits the
/// result. It never calls the model itself outside of `step`, so passes of several decoders can be
/// planned before any is run.
///
/// Between two calls of `begin` a decoder retains its cache, so that a conversation reads only what
/// is new.
public protocol Decoder: Sendable {
  associatedtype Model: CausalLanguageModel

  /// The model that `step` runs passes of.
  var model: Model { get }
  /// Keys and values of the text; requests are to be run over it.
  var cache: Model.Cache { get set }
  /// Measures passes in `step`.
  var clock: PassClock { get }
  /// Prompt and accepted tokens.
  var text: [TokenID] { get }
  /// Positions `0 ..< contextLimit` may be used.
  var contextLimit: Int { get }
  /// What passes cost, as far as the decoder has measured it; nil where it does not.
  var stepCost: StepCost? { get }

  /// How many tokens of a prompt the cache holds already, so that they are not read again.
  func cachedTokens(of prompt: [TokenID]) -> Int

  /// Begins a text; the next passes read its prompt.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`, or what a drafter
  ///   throws.
  mutating func begin(prompt: [TokenID]) throws

  /// The next pass: a chunk of the prompt, or a decoding step. Planning again before `commit`
  /// replaces the plan.
  mutating func plan() throws -> PassRequest

  /// Takes the output of the pass that was planned last, whose rows are the cache's new rows.
  /// - Parameter stop: no token is accepted beyond these rules.
  /// - Returns: the accepted tokens; none while the prompt is being read.
  /// - Throws: `LookaheadError.noPlannedPass`, `LookaheadError.wrongOutput`, `UnusableLogits`, or
  ///   what the selector, a drafter or an observer throws.
  mutating func commit(_ output: PassOutput, stop: StopRules) throws -> Accepted

  /// Rolls back the last accepted tokens, as if the pass had ended before them.
  /// - Precondition: `count` is less than the number of tokens that the last pass accepted.
  mutating func rollBack(_ count: Int)
}

extension Decoder {
  public var clock: PassClock { .system }
  public var stepCost: StepCost? { nil }

  /// Plans a pass, runs it and commits its output.
  public mutating func step(stop: StopRules) throws -> Accepted {
    let request = try plan()
    let began = clock.now()
    let logits = try model.forward(request, cache: &cache)
    let output = PassOutput(logits: logits, milliseconds: clock.now() - began)
    do {
      return try commit(output, stop: stop)
    } catch let error as UnusableLogits {
      guard let origin = try model.originOfNonFinite(in: error.text) else { throw error.problem }
      throw error.problem.at(origin)
    }
  }

  /// Reads a prompt, and accepts the token after it.
  /// - Parameter onProgress: called before the first and after every pass; an error of it ends the
  ///   reading.
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
