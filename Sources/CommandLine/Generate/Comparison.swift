import Lookahead
import Oracle

/// The result of `--compare`: whether plain decoding gives the same tokens and logits, and its speed.
struct Comparison {
  /// What is compared with plain decoding.
  let method: DecodingMethod
  let autoregressive: GenerationRun
  let agreement: Agreement
  /// Tokens per second over those of plain decoding; none for a single token.
  let speedup: Double?

  init(_ run: GenerationRun, by method: DecodingMethod, autoregressive: GenerationRun) {
    self.method = method
    self.autoregressive = autoregressive
    agreement = Agreement(run, autoregressive)
    let (fast, plain) = (run.result.tokensPerSecond, autoregressive.result.tokensPerSecond)
    speedup = fast > 0 && plain > 0 ? fast / plain : nil
  }

  var report: JSONObject {
    let result = autoregressive.result
    let seconds: JSONObject = ["prefill": result.prefillSeconds, "decode": result.decodeSeconds]
    return [
      "tokens_equal": agreement.tokensEqual,
      "logits_equal": agreement.logitsEqual,
      "first_different_token": agreement.firstDifferentToken,
      "first_different_logits": agreement.firstDifferentLogits,
      "speedup": speedup,
      "autoregressive_passes": result.passes,
      "autoregressive_seconds": seconds,
      "autoregressive_tokens_per_second": result.tokensPerSecond,
      "autoregressive_logits_sha256": autoregressive.digest.hexDigest,
    ]
  }

  var summary: String {
    var parts = ["Plain decoding: \(verdict)"]
    parts.append("\(autoregressive.result.tokensPerSecond.rounded(toPlaces: 1)) tokens/s")
    if let speedup {
      let name = method == .jacobi ? "Jacobi decoding" : "lookahead"
      parts.append("so \(name) is \(speedup.rounded(toPlaces: 2)) times as fast")
    }
    return parts.joined(separator: ", ")
  }

  private var verdict: String {
    switch (agreement.firstDifferentToken, agreement.firstDifferentLogits) {
    case (nil, nil):
      "the same tokens and bit for bit the same logits "
        + "(SHA-256 \(autoregressive.digest.hexDigest.prefix(12))…)"
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
  var isEqual: Bool { tokensEqual && logitsEqual }
}
