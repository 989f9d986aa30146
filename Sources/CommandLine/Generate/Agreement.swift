import Lookahead
import Oracle

/// Whether two runs made the same, and from where on they did not.
struct Agreement: Equatable {
  /// The index of the first output token that differs; nothing if all are equal.
  let firstDifferentToken: Int?
  /// The index of the first output token whose logits differ in any bit; nothing if none do.
  let firstDifferentLogits: Int?

  init(_ run: GenerationRun, _ other: GenerationRun) {
    firstDifferentToken = LogitsDigest.firstDifference(run.result.tokens, other.result.tokens)
    firstDifferentLogits = run.digest.firstDifference(from: other.digest)
  }

  /// Whether the tokens are the same.
  var tokensEqual: Bool { firstDifferentToken == nil }
  /// Whether the logits are the same bits.
  var logitsEqual: Bool { firstDifferentLogits == nil }
}
