import Tensor

/// A model that decoders run on: a forward pass under any mask.
///
/// `LlamaModel` is one; the tests have another, whose predictions are a hash of what each row sees.
public protocol CausalLanguageModel: Sendable {
  /// The keys and values of the tokens read so far.
  associatedtype Cache: TokenCache

  var vocabularySize: Int { get }
  /// Positions that the model can take: `0 ..< contextLength`.
  var contextLength: Int { get }

  func makeCache() -> Cache

  /// One pass over some tokens.
  ///
  /// The rows stay in the cache as new rows until `TokenCache.keep(newRows:)` commits some of them;
  /// the next pass drops the others.
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

  /// One pass over the rows of several texts, each with its own cache.
  ///
  /// The logits of each, `[logitRows.count, vocabularySize]`, are those of `forward` with its request
  /// alone, and so are the caches afterwards. A model that does not do it at once runs one after the
  /// other.
  /// - Precondition: there are as many caches as requests.
  func forward(_ requests: [PassRequest], caches: inout [Cache]) throws -> [Matrix]

  /// Where numbers that are not finite first appear when a text is read; nil where there are none, or
  /// where the model cannot tell.
  func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin?
}

extension CausalLanguageModel {
  public func originOfNonFinite(in text: [TokenID]) throws -> NonFiniteOrigin? { nil }

  public func forward(_ requests: [PassRequest], caches: inout [Cache]) throws -> [Matrix] {
    precondition(requests.count == caches.count, "\(requests.count) passes, \(caches.count) caches")
    var logits: [Matrix] = []
    for (index, request) in requests.enumerated() {
      logits.append(try forward(request, cache: &caches[index]))
    }
    return logits
  }
}

/// The tokens that a model has read: committed ones, and the new rows of the last pass.
public protocol TokenCache: Sendable {
  var count: Int { get }

  /// Commits the given rows of the last pass, in this order, and drops its other rows.
  mutating func keep(newRows rows: [Int]) throws

  /// Rolls back to the first `count` committed tokens; does nothing if there are not more.
  mutating func truncate(toCount count: Int)
}
