import Llama
import Tensor

/// A text and the model's cache of it. The last token of the text is the current one: it is
/// settled, but no pass has read it yet, so the cache holds one token less.
struct TextCache<Model: CausalLanguageModel>: Sendable {
  let model: Model
  let contextLimit: Int
  /// Rows of the prompt that one pass reads; any number gives the same bits.
  let prefillChunk: Int
  /// Who sees every pass, if anybody.
  let observer: (any PassObserver)?
  var cache: Model.Cache
  /// Prompt and settled tokens.
  private(set) var text: [TokenID] = []
  /// Tokens of `text` that belong to the prompt.
  private(set) var promptCount = 0

  init(
    model: Model, contextLimit: Int?, prefillChunk: Int, observer: (any PassObserver)? = nil
  ) throws {
    let limit = contextLimit ?? model.contextLength
    if limit < 1 { throw LookaheadError.notPositive(name: "context", found: limit) }
    if limit > model.contextLength {
      throw LookaheadError.contextBeyondModel(
        requested: limit, contextLength: model.contextLength)
    }
    if prefillChunk < 1 {
      throw LookaheadError.notPositive(name: "prefill chunk", found: prefillChunk)
    }
    self.model = model
    self.contextLimit = limit
    self.prefillChunk = prefillChunk
    self.observer = observer
    cache = model.makeCache()
  }

  /// Tokens generated since the prompt.
  var generatedCount: Int { text.count - promptCount }

  /// The text, and tokens accepted behind it, as a selector sees them.
  func prefix(accepting accepted: [TokenID] = []) -> TextPrefix {
    TextPrefix(text, promptCount: promptCount, accepting: accepted)
  }

  /// How many tokens of a prompt need not be read, since the cache holds them. The last one is read
  /// in any case: its logits are wanted.
  func cachedTokens(of prompt: [TokenID]) -> Int {
    zip(text.prefix(cache.count), prompt.dropLast()).prefix { $0 == $1 }.count
  }

  /// Reads a prompt and, in the same pass as its last token, a continuation that is not kept.
  /// - Parameter continuation: guesses at what follows, read as plain text behind the prompt; cut
  ///   where the context ends.
  /// - Returns: the last pass, with logits, `[1 + continuation, vocabularySize]`: those of the
  ///   prompt's last token, then those of the continuation. The observer has seen the passes before.
  mutating func read(
    prompt: [TokenID], continuation: [TokenID],
    onProgress: (PromptProgress) throws -> Void
  ) throws -> PromptPass {
    if prompt.isEmpty { throw LookaheadError.emptyPrompt }
    if prompt.count >= contextLimit {
      throw LookaheadError.promptTooLong(tokens: prompt.count, contextLength: contextLimit)
    }
    let shared = cachedTokens(of: prompt)
    cache.truncate(toCount: shared)
    text = prompt
    promptCount = prompt.count
    try onProgress(PromptProgress(read: shared, total: prompt.count))
    let lastStart = shared + (prompt.count - 1 - shared) / prefillChunk * prefillChunk
    for start in stride(from: shared, to: lastStart, by: prefillChunk) {
      let chunk = Array(prompt[start..<start + prefillChunk])
      let pass = try readRows(chunk, keeping: prefillChunk, logits: 0)
      try observer?.observe(PassRecord(prompt: pass))
      try onProgress(PromptProgress(read: cache.count, total: prompt.count))
    }
    let rest = Array(prompt[lastStart...])
    let guesses = continuation.prefix(contextLimit - prompt.count)
    let pass = try readRows(rest + guesses, keeping: rest.count, logits: 1 + guesses.count)
    try onProgress(PromptProgress(read: prompt.count, total: prompt.count))
    return pass
  }

  /// Runs a pass over rows that the caller laid out, none of them kept yet.
  mutating func run(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int]
  ) throws -> Matrix {
    try model.forward(
      tokens: tokens, positions: positions, mask: mask, logitRows: logitRows, cache: &cache)
  }

  /// Chooses the token behind the text and tokens accepted behind it.
  /// - Throws: what the selector throws; `LookaheadError.nonFinite` where the model's own numbers are
  ///   what it cannot choose by.
  func choose(
    by selector: some TokenSelector, from logits: Matrix, row: Int,
    accepting accepted: [TokenID] = []
  ) throws -> TokenID {
    let prefix = prefix(accepting: accepted)
    do {
      return try selector.select(from: logits, row: row, after: prefix)
    } catch let error as LookaheadError {
      guard case .unusableLogit(let token, let position, let found) = error,
        let origin = try model.originOfNonFinite(in: Array(prefix))
      else { throw error }
      throw LookaheadError.nonFinite(
        token: token, position: position, found: found, origin: origin)
    }
  }

  /// Takes settled tokens into the text and keeps the rows that they were chosen from, the first of
  /// which read the current token.
  mutating func settle(_ tokens: [TokenID], keepingRows rows: [Int]) throws {
    try cache.keep(newRows: rows)
    text += tokens
  }

  /// The token after a prompt: its rows are kept already.
  mutating func settleFirst(_ token: TokenID) { text.append(token) }

  /// Takes back the last settled tokens. The one before them is the current token again, so the
  /// cache must not hold it.
  mutating func takeBack(_ count: Int) {
    precondition(count < generatedCount, "taking back \(count) of \(generatedCount) tokens")
    text.removeLast(count)
    cache.truncate(toCount: text.count - 1)
  }

  private mutating func readRows(
    _ tokens: [TokenID], keeping kept: Int, logits: Int
  ) throws -> PromptPass {
    let cached = cache.count
    var pass = PromptPass(
      cachedCount: cached, tokens: tokens,
      logitRows: Array(tokens.count - logits..<tokens.count), keptCount: kept)
    pass.logits = try run(
      tokens: tokens, positions: pass.positions, mask: pass.mask, logitRows: pass.logitRows)
    try cache.keep(newRows: Array(0..<kept))
    return pass
  }
}

/// A pass over a part of the prompt and, behind its last token, guesses at what follows.
struct PromptPass {
  /// Tokens in the cache before.
  let cachedCount: Int
  let tokens: [TokenID]
  /// The last rows, or none.
  let logitRows: [Int]
  /// How many of the first rows belong to the prompt.
  let keptCount: Int
  /// `[logitRows.count, vocabularySize]`.
  var logits = Matrix(rows: 0, columns: 0)

  /// Behind the cache, one after the other.
  var positions: [Int] { Array(cachedCount..<cachedCount + tokens.count) }

  /// All rows are one text.
  var mask: AttentionMask { .causal(cachedCount: cachedCount, queries: tokens.count) }
}
