import Llama
import Tensor

/// A text and its KV cache, shared by all decoders. The last token of the text is the current one: it
/// is accepted but not yet in the cache.
struct TextState<Cache: TokenCache>: Sendable {
  /// A pass over a part of the prompt and, after its last token, speculative tokens.
  struct PromptChunk: Sendable {
    let request: PassRequest
    /// The number of prompt rows, which come first and are committed.
    let committedCount: Int
    /// Whether the prompt ends in it; then the logits of its last row are requested.
    let isLast: Bool
  }

  let contextLimit: Int
  /// Maximum rows of the prompt in one pass; the bits do not depend on it.
  let prefillChunk: Int
  let observer: (any PassObserver)?
  var cache: Cache
  /// Prompt and accepted tokens.
  private(set) var text: [TokenID] = []
  private(set) var promptCount = 0

  init<Model: CausalLanguageModel>(
    model: Model, contextLimit: Int?, prefillChunk: Int, observer: (any PassObserver)?
  ) throws where Model.Cache == Cache {
    let limit = contextLimit ?? model.contextLength
    if limit < 1 {
      throw LookaheadError.invalidSize(name: "context", found: limit, minimum: 1)
    }
    if limit > model.contextLength {
      throw LookaheadError.contextBeyondModel(
        requested: limit, contextLength: model.contextLength)
    }
    if prefillChunk < 1 {
      throw LookaheadError.invalidSize(
        name: "prefill chunk", found: prefillChunk, minimum: 1)
    }
    self.contextLimit = limit
    self.prefillChunk = prefillChunk
    self.observer = observer
    cache = model.makeCache()
  }

  var generatedCount: Int { text.count - promptCount }

  var readsPrompt: Bool { generatedCount == 0 }

  /// The position of the current token.
  var position: Int { text.count - 1 }

  /// How many tokens of a prompt are in the cache. The last one is read in any case, for its logits.
  func cachedTokens(of prompt: [TokenID]) -> Int {
    zip(text.prefix(cache.count), prompt.dropLast()).prefix { $0 == $1 }.count
  }

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
  /// - Parameter speculative: tokens to append to the last pass, cut at the end of the context; their
  ///   logits are requested too.
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

  /// Chooses the token after the text and the tokens that the pass has accepted so far.
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

  mutating func accept(_ tokens: [TokenID]) { text += tokens }

  /// Rolls back accepted tokens. The one before them becomes the current token, which the cache does
  /// not contain.
  mutating func rollBack(_ count: Int) {
    precondition(count < generatedCount, "rolling back \(count) of \(generatedCount) tokens")
    text.removeLast(count)
    cache.truncate(toCount: text.count - 1)
  }
}

/// Logits that no token can be chosen from, and the text before it, from which the first number that
/// is not finite can be found (`CausalLanguageModel.originOfNonFinite`).
public struct UnusableLogits: Error, CustomStringConvertible {
  /// `LookaheadError.unusableLogit`.
  public let problem: LookaheadError
  public let text: [TokenID]

  public var description: String { problem.description }
}

extension LookaheadError {
  /// Adds the place of the first number that is not finite.
  func at(_ origin: NonFiniteOrigin?) -> LookaheadError {
    guard case .unusableLogit(let token, let position, let found, _) = self else { return self }
    return .unusableLogit(token: token, position: position, found: found, origin: origin)
  }
}
