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
}

/// When a decoder must not go on.
public struct StopRules: Sendable {
  /// Tokens after which the text ends. They are part of the output.
  public var endTokens: Set<TokenID>
  /// Tokens to generate at the most.
  public var maximumTokens: Int

  /// Ends after any of `endTokens`, or after `maximumTokens` tokens.
  public init(endTokens: Set<TokenID>, maximumTokens: Int) {
    self.endTokens = endTokens
    self.maximumTokens = maximumTokens
  }

  /// How many of the tokens that a pass could settle belong to the output, `generated` being there.
  func accepts(_ tokens: [TokenID], generated: Int) -> Bool {
    generated + tokens.count < maximumTokens && !(tokens.last.map(endTokens.contains) ?? false)
  }
}

/// Makes text pass by pass. Between two calls of `start` it keeps its cache, so that a conversation
/// reads only what is new.
public protocol Decoder {
  /// The model that is asked.
  associatedtype Model: CausalLanguageModel

  /// Prompt and settled tokens.
  var text: [TokenID] { get }
  /// Positions `0 ..< contextLimit` may be used.
  var contextLimit: Int { get }

  /// How many tokens of a prompt `start` would not read again.
  func cachedTokens(of prompt: [TokenID]) -> Int

  /// Reads a prompt and settles the token after it.
  ///
  /// What the cache already holds of it is not read again.
  /// - Throws: `LookaheadError.emptyPrompt`, `LookaheadError.promptTooLong`, or what the model throws.
  mutating func start(prompt: [TokenID]) throws -> SettledTokens

  /// Runs one pass and settles at least one more token.
  mutating func step(stop: StopRules) throws -> SettledTokens
}
