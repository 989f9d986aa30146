import Llama
import Tensor

/// Proposes what may follow a text, for the verification branch of `LookaheadDecoder`.
///
/// Drafts change how many tokens a pass accepts, never which tokens. What a drafter proposes beyond
/// its budget, or outside of the vocabulary, is not verified. An error of a drafter ends the text and
/// is passed on to the caller.
public protocol Drafter: Sendable {
  /// Begins a text. A prompt that continues the text before is that of a conversation.
  mutating func begin(prompt: [TokenID]) throws

  /// Proposes candidates behind a text.
  /// - Parameters:
  ///   - text: prompt and accepted tokens, the current token being the last.
  ///   - budget: how large the tree may be; of a larger one the first nodes are taken.
  /// - Returns: a tree with estimated probabilities, by which the schedule chooses how many of its
  ///   first nodes a pass verifies: likelier nodes should come first.
  mutating func propose(after text: [TokenID], within budget: DraftBudget) throws -> CandidateTree

  /// Takes in a pass.
  mutating func learn(from pass: DraftedPass) throws

  /// What `learn` would file of a pass, in order, for traces.
  func additions(from pass: DraftedPass) -> [DraftAddition]

  /// Entries that are stored, for traces; nil where they are not counted.
  var entryCount: Int? { get }
}

extension Drafter {
  public mutating func begin(prompt: [TokenID]) throws {}
  public mutating func learn(from pass: DraftedPass) throws {}
  public func additions(from pass: DraftedPass) -> [DraftAddition] { [] }
  public var entryCount: Int? { nil }
}

/// How large a candidate tree may be.
public struct DraftBudget: Equatable, Sendable {
  public var nodes: Int
  /// Candidates: paths to nodes without a child.
  public var candidates: Int
  /// Tokens of a candidate.
  public var length: Int

  /// A budget, without a limit where none is given.
  public init(nodes: Int = .max, candidates: Int = .max, length: Int = .max) {
    self.nodes = nodes
    self.candidates = candidates
    self.length = length
  }
}

/// A pass of lookahead decoding as drafters are told of it.
public struct DraftedPass: Sendable {
  /// The text with the tokens that the pass accepted.
  public let text: [TokenID]
  /// How many tokens it accepted, at least 1.
  public let acceptedCount: Int
  /// The rows of the pass. A row at position p read a token that stands, or would stand, at index p
  /// of the text.
  public let request: PassRequest
  /// `[request.logitRows.count, vocabularySize]`.
  public let logits: Matrix
  /// The n-grams that the window completed, each with its first token.
  public let ngrams: [[TokenID]]
  /// What speculative rows have read, from the current token on, each with the row's prediction as
  /// the last token.
  public let predictions: [[TokenID]]
  /// Whether the window lacks levels yet, so that it completes no n-grams.
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

  /// The accepted tokens.
  public var accepted: ArraySlice<TokenID> { text.suffix(acceptedCount) }
}

/// Tokens that a drafter filed as seen behind others.
public struct DraftAddition: Equatable, Sendable {
  /// The tokens before.
  public let context: [TokenID]
  /// What followed them.
  public let tokens: [TokenID]
  /// Where it was seen.
  public let origin: DraftOrigin

  public init(context: [TokenID], tokens: [TokenID], origin: DraftOrigin) {
    self.context = context
    self.tokens = tokens
    self.origin = origin
  }
}
