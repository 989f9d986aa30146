import Lookahead
import Oracle

/// The result of `--compare`: whether plain decoding gives the same tokens and logits, and its speed.
struct Comparison: Encodable {
  let tokensEqual: Bool
  let logitsEqual: Bool
  /// The index of the first output token that differs.
  @Nullable var firstDifferentToken: Int?
  /// The index of the first output token whose logits differ in any bit.
  @Nullable var firstDifferentLogits: Int?
  /// Tokens per second of lookahead decoding over those of plain decoding; null for a single token.
  @Nullable var speedup: Double?
  let autoregressivePasses: Int
  let autoregressiveSeconds: Seconds
  let autoregressiveTokensPerSecond: Double
  let autoregressiveLogitsSha256: String

  struct Seconds: Encodable {
    let prefill: Double
    let decode: Double
  }

  init(lookahead: GenerationRun, autoregressive: GenerationRun) {
    let agreement = Agreement(lookahead, autoregressive)
    tokensEqual = agreement.tokensEqual
    logitsEqual = agreement.logitsEqual
    firstDifferentToken = agreement.firstDifferentToken
    firstDifferentLogits = agreement.firstDifferentLogits
    let (fast, plain) = (lookahead.result.tokensPerSecond, autoregressive.result.tokensPerSecond)
    speedup = fast > 0 && plain > 0 ? fast / plain : nil
    autoregressivePasses = autoregressive.result.passes
    autoregressiveSeconds = Seconds(
      prefill: autoregressive.result.prefillSeconds, decode: autoregressive.result.decodeSeconds)
    autoregressiveTokensPerSecond = plain
    autoregressiveLogitsSha256 = autoregressive.digest.hexDigest
  }

  var isEqual: Bool { tokensEqual && logitsEqual }

  var summary: String {
    var parts = ["Plain decoding: \(verdict)"]
    parts.append("\(autoregressiveTokensPerSecond.rounded(toPlaces: 1)) tokens/s")
    if let speedup { parts.append("so lookahead is \(speedup.rounded(toPlaces: 2)) times as fast") }
    return parts.joined(separator: ", ")
  }

  private var verdict: String {
    switch (firstDifferentToken, firstDifferentLogits) {
    case (nil, nil):
      "the same tokens and bit for bit the same logits "
        + "(SHA-256 \(autoregressiveLogitsSha256.prefix(12))…)"
    case (nil, let logits?):
      "the same tokens, but other logits from token \(logits) on"
    case (let token?, nil):
      "OTHER TOKENS from token \(token) on, though the logits are the same"
    case (let token?, let logits?):
      "OTHER TOKENS from token \(token) on, and other logits from token \(logits) on"
    }
  }
}

/// Whether two runs made the same tokens and logits.
struct Agreement {
  /// The index of the first output token that differs.
  let firstDifferentToken: Int?
  /// The index of the first output token whose logits differ in any bit.
  let firstDifferentLogits: Int?

  init(_ run: GenerationRun, _ other: GenerationRun) {
    firstDifferentToken = LogitsDigest.firstDifference(run.result.tokens, other.result.tokens)
    firstDifferentLogits = run.digest.firstDifference(from: other.digest)
  }

  var tokensEqual: Bool { firstDifferentToken == nil }
  var logitsEqual: Bool { firstDifferentLogits == nil }
}
