import Tensor

/// What a decoder needs of a model: a forward pass under any mask.
///
/// `LlamaModel` is one; the tests have another, whose answers are a hash of what each row sees.
public protocol CausalLanguageModel: Sendable {
  /// The keys and values of the tokens read so far.
  associatedtype Cache: TokenCache

  /// Tokens in the vocabulary, and columns of the logits.
  var vocabularySize: Int { get }
  /// Positions that the model can take: `0 ..< contextLength`.
  var contextLength: Int { get }

  /// An empty cache.
  func makeCache() -> Cache

  /// One pass over some tokens.
  ///
  /// The rows stay in the cache as new rows until `TokenCache.keep(newRows:)` says which of them
  /// belong to the text; the next pass drops what was not kept.
  /// - Parameters:
  ///   - tokens: token ids, one for each row.
  ///   - positions: the position of each row.
  ///   - mask: which cached keys and which rows each row sees.
  ///   - logitRows: the rows whose logits are wanted; others cost nothing in the output head.
  ///   - cache: keys and values of the text so far.
  /// - Returns: logits, `[logitRows.count, vocabularySize]`, in the order of `logitRows`.
  func forward(
    tokens: [TokenID], positions: [Int], mask: AttentionMask, logitRows: [Int],
    cache: inout Cache
  ) throws -> Matrix

  /// Where numbers that are not finite first appear when a text is read: asked when logits turn out
  /// not to be.
  /// - Returns: nothing where there are none, or where the model cannot tell.
  func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin?
}

extension CausalLanguageModel {
  /// Nothing: most models cannot tell.
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? { nil }
}

/// The tokens that a model has read: kept ones, and the new rows of the last pass.
public protocol TokenCache: Sendable {
  /// Kept tokens.
  var count: Int { get }

  /// Keeps the given rows of the last pass, in this order, behind those kept before, and drops its
  /// other rows.
  mutating func keep(newRows rows: [Int]) throws

  /// Forgets all but the first `count` kept tokens; does nothing if there are not more.
  mutating func truncate(toCount count: Int)
}
