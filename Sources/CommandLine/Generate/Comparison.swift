import Lookahead
import Oracle

/// What `--compare` finds: whether plain decoding gives the same tokens and the same logits, and
/// how long it takes.
struct Comparison: Encodable {
  let tokensEqual: Bool
  let logitsEqual: Bool
  /// The index of the first output token that differs; null if all are equal.
  let firstDifferentToken: Nullable<Int>
  /// The index of the first output token whose logits differ in any bit; null if none do.
  let firstDifferentLogits: Nullable<Int>
  /// Tokens per second of lookahead decoding over those of plain decoding; null where there is but
  /// one token.
  let speedup: Nullable<Double>
  let autoregressivePasses: Int
  let autoregressiveSeconds: Seconds
  let autoregressiveTokensPerSecond: Double
  let autoregressiveLogitsSha256: String

  /// Of plain decoding.
  struct Seconds: Encodable {
    let prefill: Double
    let decode: Double
  }

  init(lookahead: GenerationRun, autoregressive: GenerationRun) {
    let agreement = Agreement(lookahead, autoregressive)
    tokensEqual = agreement.tokensEqual
    logitsEqual = agreement.logitsEqual
    firstDifferentToken = Nullable(value: agreement.firstDifferentToken)
    firstDifferentLogits = Nullable(value: agreement.firstDifferentLogits)
    let (fast, plain) = (lookahead.result.tokensPerSecond, autoregressive.result.tokensPerSecond)
    speedup = Nullable(value: fast > 0 && plain > 0 ? fast / plain : nil)
    autoregressivePasses = autoregressive.result.passes
    autoregressiveSeconds = Seconds(
      prefill: autoregressive.result.prefillSeconds, decode: autoregressive.result.decodeSeconds)
    autoregressiveTokensPerSecond = plain
    autoregressiveLogitsSha256 = autoregressive.digest.hexDigest
  }

  /// Whether nothing differs.
  var isEqual: Bool { tokensEqual && logitsEqual }

  /// One line for people.
  var summary: String {
    var parts = ["Plain decoding: \(verdict)"]
    parts.append("\(autoregressiveTokensPerSecond.rounded(toPlaces: 1)) tokens/s")
    if let speedup = speedup.value {
      parts.append("so lookahead is \(speedup.rounded(toPlaces: 2)) times as fast")
    }
    return parts.joined(separator: ", ")
  }

  private var verdict: String {
    switch (firstDifferentToken.value, firstDifferentLogits.value) {
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
