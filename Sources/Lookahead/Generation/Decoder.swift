import Llama
import Tensor

/// Tokens that one pass settled, and the logits they were chosen from.
public struct SettledTokens: Sendable {
  /// The tokens, oldest first; at least one.
  public let tokens: [TokenID]
  /// Logits of the pass, `[rows, vocabularySize]`.
  public let logits: Matrix
  /// For each token the row of `logits` that it was chosen from.
  public let logitRows: [Int]
  /// Rows that the pass evaluated; of the pass that read the prompt only those from its last token
  /// on.
  public let rows: Int
  /// For each token where it was guessed; none where the model's own answer came first, as it does
  /// for the last token of a pass.
  public let sources: [CandidateSource?]
  /// The size that was chosen for the pass; none for the one that read the prompt.
  public internal(set) var size: PassSize?

  /// What a pass settled.
  init(
    tokens: [TokenID], logits: Matrix, logitRows: [Int], rows: Int,
    sources: [CandidateSource?]? = nil
  ) {
    self.tokens = tokens
    self.logits = logits
    self.logitRows = logitRows
    self.rows = rows
    self.sources = sources ?? Array(repeating: nil, count: tokens.count)
  }

  /// The first `count` tokens, at least one, with their logits; the pass is the same.
  func prefix(_ count: Int) -> SettledTokens {
    SettledTokens(
      tokens: Array(tokens.prefix(count)), logits: logits,
      logitRows: Array(logitRows.prefix(count)), rows: rows,
      sources: Array(sources.prefix(count)))
  }
}

/// Makes text pass by pass. Between two calls of `start` it keeps its cache, so that a conversation
/// reads only what is new.
public protocol Decoder: Sendable {
  /// The model that is asked.
  associatedtype Model: CausalLanguageModel

  /// Prompt and settled tokens.
  var text: [TokenID] { get }
  /// Positions `0 ..< contextLimit` may be used.
  var contextLimit: Int { get }

  /// What passes cost, as far as the decoder has learnt it; none where it does not look.
  var stepCost: StepCost? { get }

  /// How many tokens of a prompt `start` would not read again.
  func cachedTokens(of prompt: [TokenID]) -> Int

  /// Reads a prompt and settles the token after it.
  ///
  /// What the cache already holds of it is not read again.
  /// - Parameter onProgress: called before the first and after every pass; what it throws ends the
  ///   reading.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`, or what the model, the
  ///   selector or `onProgress` throws.
  mutating func start(
    prompt: [TokenID], onProgress: (PromptProgress) throws -> Void
  ) throws -> SettledTokens

  /// Runs one pass and settles at least one more token.
  mutating func step(stop: StopRules) throws -> SettledTokens

  /// Takes back the last settled tokens, as if the pass that settled them had ended before.
  /// - Precondition: `count` is less than the number of tokens that the last pass settled.
  mutating func takeBack(_ count: Int)
}

extension Decoder {
  /// Reads a prompt and settles the token after it.
  public mutating func start(prompt: [TokenID]) throws -> SettledTokens {
    try start(prompt: prompt, onProgress: { _ in })
  }
}

extension Decoder {
  /// None: most decoders have no use for it.
  public var stepCost: StepCost? { nil }
}
