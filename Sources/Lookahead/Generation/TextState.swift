import Llama
import Tensor

/// A text and the cache of it: the part that all decoders share. The last token of the text is the
/// current one: it is accepted, but no pass has read it yet, so the cache holds one token less.
struct TextState<Cache: TokenCache>: Sendable {
  /// A pass over a part of the prompt and, behind its last token, speculative tokens.
  struct PromptChunk: Sendable {
    let request: PassRequest
    /// The first rows, which are the prompt's and stay in the cache.
    let committedCount: Int
    /// Whether the prompt ends in it; then the logits of its last row are wanted.
    let isLast: Bool
  }

  let contextLimit: Int
  /// Rows of the prompt that one pass reads; any number gives the same bits.
  let prefillChunk: Int
  /// Receives every pass.
  let observer: (any PassObserver)?
  var cache: Cache
  /// Prompt and accepted tokens.
  private(set) var text: [TokenID] = []
  /// Tokens of `text` that belong to the prompt.
  private(set) var promptCount = 0

  init<Model: CausalLanguageModel>(
    model: Model, contextLimit: Int?, prefillChunk: Int, observer: (any PassObserver)?
  ) throws where Model.Cache == Cache {
    let limit = contextLimit ?? model.contextLength
    if limit < 1 { throw LookaheadError.notPositive(name: "context", found: limit) }
    if limit > model.contextLength {
      throw LookaheadError.contextBeyondModel(
        requested: limit, contextLength: model.contextLength)
    }
    if prefillChunk < 1 {
      throw LookaheadError.notPositive(name: "prefill chunk", found: prefillChunk)
    }
    self.contextLimit = limit
    self.prefillChunk = prefillChunk
    self.observer = observer
    cache = model.makeCache()
  }

  /// Tokens generated since the prompt.
  var generatedCount: Int { text.count - promptCount }

  /// Whether a token after the prompt is yet to be accepted.
  var readsPrompt: Bool { generatedCount == 0 }

  /// The position of the current token.
  var position: Int { text.count - 1 }

  /// How many tokens of a prompt need not be read, since the cache holds them. The last one is read
  /// in any case: its logits are wanted.
  func cachedTokens(of prompt: [TokenID]) -> Int {
    zip(text.prefix(cache.count), prompt.dropLast()).prefix { $0 == $1 }.count
  }

  /// Begins a text.
  mutating func begin(prompt: [TokenID]) throws {
    if prompt.isEmpty { throw LookaheadError.emptyPrompt }
    if prompt.count >= contextLimit {
      throw LookaheadError.promptTooLong(tokens: prompt.count, contextLength: contextLimit)
    }
    cache.truncate(toCount: cachedTokens(of: prompt))
    text = prompt
    promptCount = prompt.count
  }

  /// The next pass over the prompt.
  /// - Parameter speculative: tokens behind the prompt for its last pass, cut where the context
  ///   ends; their logits are wanted too.
  func promptChunk(speculative: [TokenID] = []) throws -> PromptChunk {
    if text.isEmpty { throw LookaheadError.emptyPrompt }
    let unread = text[cache.count...]
    let chunk = Array(unread.prefix(prefillChunk))
    if chunk.count < unread.count {
      let request = PassRequest(causal: chunk, cachedCount: cache.count, logitRows: [])
      return PromptChunk(request: request, committedCount: chunk.count, isLast: false)
    }
    let tokens = chunk + speculative.prefix(contextLimit - promptCount)
    return PromptChunk(
      request: PassRequest(
        causal: tokens, cachedCount: cache.count,
        logitRows: Array(chunk.count - 1..<tokens.count)),
      committedCount: chunk.count, isLast: true)
  }

  /// Chooses the token behind the text and tokens that the pass has accepted so far.
  /// - Throws: `UnusableLogits`, and what the selector throws.
  func choose(
    by selector: some TokenSelector, from logits: Matrix, row: Int,
    accepting accepted: [TokenID] = []
  ) throws -> TokenID {
    let prefix = TextPrefix(text, promptCount: promptCount, accepting: accepted)
    do {
      return try selector.select(from: logits, row: row, after: prefix)
    } catch let error as LookaheadError {
      guard case .unusableLogit = error else { throw error }
      throw UnusableLogits(problem: error, text: Array(prefix))
    }
  }

  /// Commits rows of the last pass to the cache, in this order.
  mutating func commit(rows: [Int]) throws { try cache.keep(newRows: rows) }

  /// Appends accepted tokens.
  mutating func accept(_ tokens: [TokenID]) { text += tokens }

  /// Rolls back accepted tokens. The one before them is the current token again, so the cache must
  /// not hold it.
  mutating func rollBack(_ count: Int) {
    precondition(count < generatedCount, "rolling back \(count) of \(generatedCount) tokens")
    text.removeLast(count)
    cache.truncate(toCount: text.count - 1)
  }
}

/// Logits that no token can be chosen by, with the text that they belong to, which tells where the
/// model's numbers went wrong (`CausalLanguageModel.originOfNonFinite`).
public struct UnusableLogits: Error, CustomStringConvertible {
  /// `LookaheadError.unusableLogit`.
  public let problem: LookaheadError
  /// The text before the token that could not be chosen.
  public let text: [TokenID]

  public var description: String { problem.description }
}

extension LookaheadError {
  /// The same error of a logit, with the place of the first number that is not finite.
  func at(_ origin: NonFiniteOrigin) -> LookaheadError {
    guard case .unusableLogit(let token, let position, let found) = self else { return self }
    return .nonFinite(token: token, position: position, found: found, origin: origin)
  }
}
