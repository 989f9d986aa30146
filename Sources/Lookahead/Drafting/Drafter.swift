import Llama
import Tensor

/// Proposes continuations of a text for the verification branch of `LookaheadDecoder`.
///
/// Drafts change how many tokens a pass accepts, never which tokens. Drafts beyond the budget or
/// outside of the vocabulary are not verified. A drafter's error ends the text and reaches the caller.
public protocol Drafter: Sendable {
  /// Begins a text. In a conversation the prompt continues the text before.
  mutating func begin(prompt: [TokenID]) throws

  /// - Parameters:
  ///   - text: prompt and accepted tokens, the current token last.
  ///   - budget: the size of the tree; of a larger one the first nodes are verified.
  /// - Returns: a tree with estimated probabilities, the likeliest nodes first: the schedule chooses
  ///   how many of its first nodes a pass verifies.
  mutating func propose(after text: [TokenID], within budget: DraftBudget) throws -> CandidateTree

  /// Updates the drafter after a pass.
  mutating func learn(from pass: DraftedPass) throws

  /// What `learn` would add for a pass, in order, for traces.
  func additions(from pass: DraftedPass) -> [DraftAddition]

  /// The number of stored entries, for traces; nil if not counted.
  var entryCount: Int? { get }

  /// What it has learnt of the model, for later texts; nil if it keeps nothing.
  var memory: DraftMemory? { get }
}

extension Drafter {
  public mutating func begin(prompt: [TokenID]) throws {}
  public mutating func learn(from pass: DraftedPass) throws {}
  public func additions(from pass: DraftedPass) -> [DraftAddition] { [] }
  public var entryCount: Int? { nil }
  public var memory: DraftMemory? { nil }
}

/// Limits on a candidate tree.
public struct DraftBudget: Equatable, Sendable {
  public var nodes: Int
  /// Candidates: paths to nodes without a child.
  public var candidates: Int
  /// Tokens of a candidate.
  public var length: Int

  public init(nodes: Int = .max, candidates: Int = .max, length: Int = .max) {
    self.nodes = nodes
    self.candidates = candidates
    self.length = length
  }
}

/// A committed pass of lookahead decoding, the input of `Drafter.learn`.
public struct DraftedPass: Sendable {
  /// The text, including the tokens that the pass accepted.
  public let text: [TokenID]
  /// At least 1.
  public let acceptedCount: Int
  /// The rows of the pass. Positions are indices into the text.
  public let request: PassRequest
  /// `[request.logitRows.count, vocabularySize]`.
  public let logits: Matrix
  /// The n-grams that the window completed, each with its first token.
  public let ngrams: [[TokenID]]
  /// For speculative rows the tokens that they attend to, from the current token on, and the row's
  /// prediction as the last token.
  public let predictions: [[TokenID]]
  /// Whether the window has too few levels yet to complete n-grams.
  public let isWarmingUp: Bool

  public init(
    text: [TokenID], acceptedCount: Int, request: PassRequest, logits: Matrix,
    ngrams: [[TokenID]] = [], predictions: [[TokenID]] = [], isWarmingUp: Bool = false
  ) {
    self.text = text
    self.acceptedCount = acceptedCount
    self.request = request
    self.logits = logits
    self.ngrams = ngrams
    self.predictions = predictions
    self.isWarmingUp = isWarmingUp
  }

  public var accepted: ArraySlice<TokenID> { text.suffix(acceptedCount) }

  /// Each accepted token with the last tokens before it, at most `length`.
  func acceptedInContext(length: Int) -> [(context: [TokenID], token: TokenID)] {
    (text.count - acceptedCount..<text.count).map { end in
      (Array(text[..<end].suffix(length)), text[end])
    }
  }
}

/// Tokens that a drafter stored as a continuation of others.
public struct DraftAddition: Equatable, Sendable {
  public let context: [TokenID]
  public let tokens: [TokenID]
  public let origin: DraftOrigin

  public init(context: [TokenID], tokens: [TokenID], origin: DraftOrigin) {
    self.context = context
    self.tokens = tokens
    self.origin = origin
  }
}
