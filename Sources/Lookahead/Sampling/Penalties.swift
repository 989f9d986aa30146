import Llama

/// Makes tokens of the recent text, prompt included, less likely: a positive logit is divided by
/// `penalty`, any other multiplied by it, once for each token.
///
/// Source: arXiv:1909.05858, section 4.1, which only divides; the case of negative logits is as in
/// Hugging Face transformers 5.23 `RepetitionPenaltyLogitsProcessor`.
public struct RepetitionPenalty: LogitsProcessor {
  /// Above 0; 1 changes nothing, more makes repetition less likely.
  public let penalty: Float
  /// How many of the last tokens count; nil for all.
  public let window: Int?

  public init(_ penalty: Float, window: Int? = nil) {
    (self.penalty, self.window) = (penalty, window)
  }

  public func process(_ logits: inout [Float], after prefix: TextPrefix) {
    for token in prefix[...].recent(window).occurrences(below: logits.count).tokens {
      let logit = logits[token]
      logits[token] = logit > 0 ? logit / penalty : logit * penalty
    }
  }
}

/// Makes generated tokens less likely by the number of their occurrences: `logit - count · penalty`.
///
/// Source: the frequency penalty of OpenAI's API, `mu[j] - c[j] * alpha_frequency`, where c counts
/// the sampled tokens, so not the prompt.
public struct FrequencyPenalty: LogitsProcessor {
  /// Subtracted for each occurrence; below 0 it makes repetition more likely.
  public let penalty: Float
  /// How many of the last generated tokens count; nil for all.
  public let window: Int?

  public init(_ penalty: Float, window: Int? = nil) {
    (self.penalty, self.window) = (penalty, window)
  }

  public func process(_ logits: inout [Float], after prefix: TextPrefix) {
    let found = prefix.output.recent(window).occurrences(below: logits.count)
    for token in found.tokens { logits[token] -= Float(found.counts[token]) * penalty }
  }
}

/// Makes generated tokens less likely, once for each token: `logit - penalty`.
///
/// Source: the presence penalty of OpenAI's API, `mu[j] - float(c[j] > 0) * alpha_presence`.
public struct PresencePenalty: LogitsProcessor {
  /// Subtracted once; below 0 it makes repetition more likely.
  public let penalty: Float
  /// How many of the last generated tokens count; nil for all.
  public let window: Int?

  public init(_ penalty: Float, window: Int? = nil) {
    (self.penalty, self.window) = (penalty, window)
  }

  public func process(_ logits: inout [Float], after prefix: TextPrefix) {
    for token in prefix.output.recent(window).occurrences(below: logits.count).tokens {
      logits[token] -= penalty
    }
  }
}

extension Slice<TextPrefix> {
  /// The last `window` tokens, or all.
  fileprivate func recent(_ window: Int?) -> Self { window.map { suffix($0) } ?? self }

  /// The distinct tokens, and the count by token. Tokens outside the vocabulary have no logit.
  fileprivate func occurrences(
    below vocabularySize: Int
  ) -> (tokens: [TokenID], counts: [Int32]) {
    var tokens: [TokenID] = []
    var counts = [Int32](repeating: 0, count: vocabularySize)
    for token in self where counts.indices.contains(token) {
      if counts[token] == 0 { tokens.append(token) }
      counts[token] += 1
    }
    return (tokens, counts)
  }
}
