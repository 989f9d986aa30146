import Llama

/// Why a text ended.
public enum FinishReason: String, Sendable, Codable {
  /// The model produced an end-of-sequence token, or the text reached a stop string.
  case stop
  /// The maximum number of tokens, or the end of the context, was reached.
  case length
  /// The caller cancelled it.
  case cancelled
}

/// A generated text, and the passes and time that it took.
public struct GenerationResult: Sendable {
  /// The generated tokens. The token that ended the text is the last of them: an end-of-sequence
  /// token, or the one that completed a stop string, in which case the text of the tokens
  /// (`OutputText`) ends before that string.
  public internal(set) var tokens: [TokenID] = []
  public internal(set) var finishReason = FinishReason.length
  public internal(set) var statistics = GenerationStatistics()
  /// Latency of the first token: seconds of all passes over the prompt.
  public internal(set) var prefillSeconds = 0.0
  /// Seconds of all later passes, without the time that the caller spent on the tokens.
  public internal(set) var decodeSeconds = 0.0

  public var passes: Int { statistics.passes }
  public var rows: Int { statistics.rows }
  public var tokensPerPass: Double { statistics.tokensPerPass }

  /// Decoding throughput in tokens per second, without the first token and the prefill.
  public var tokensPerSecond: Double {
    decodeSeconds > 0 ? Double(max(0, tokens.count - 1)) / decodeSeconds : 0
  }
}

/// Whether to generate further tokens.
public enum Continuation: Sendable {
  case proceed
  /// Ends the text with `FinishReason.cancelled`.
  case cancel
}

extension Decoder {
  /// Generates until a stop rule holds, the context is full or the caller cancels.
  /// - Parameters:
  ///   - clock: measures the seconds of the result.
  ///   - onTokens: called with the tokens of every pass as soon as they are accepted.
  ///   - onProgress: called during the prefill; its error ends it. After a `CancellationError` the
  ///     result has no tokens and `FinishReason.cancelled`.
  public mutating func generate(
    prompt: [TokenID], stop: StopRules, clock: PassClock = .system,
    onTokens: (Accepted) throws -> Continuation = { _ in .proceed },
    onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    if stop.maximumTokens < 1 {
      throw LookaheadError.invalidSize(
        name: "number of tokens", found: stop.maximumTokens, minimum: 1)
    }
    var result = GenerationResult()
    var begin = clock.now()
    var output = stop.stopStrings.map { OutputText($0.tokenizer, stopStrings: $0) }
    var accepted: Accepted
    do {
      accepted = try start(prompt: prompt, onProgress: onProgress)
    } catch is CancellationError {
      result.prefillSeconds = (clock.now() - begin) / 1_000
      result.finishReason = .cancelled
      return result
    }
    result.prefillSeconds = (clock.now() - begin) / 1_000
    while true {
      if let count = output?.append(accepted.tokens), count < accepted.tokens.count {
        // The pass accepted tokens after the stop string.
        rollBack(accepted.tokens.count - count)
        accepted = accepted.prefix(count)
      }
      result.tokens += accepted.tokens
      result.statistics.record(accepted)
      let continuation = try onTokens(accepted)
      let hasEnded = result.tokens.last.map(stop.endTokens.contains) ?? false
      if hasEnded || output?.isStopped == true {
        result.finishReason = .stop
        return result
      }
      // The next pass reads the current token at position `text.count - 1`.
      if result.tokens.count >= stop.maximumTokens || text.count > contextLimit {
        return result
      }
      if continuation == .cancel {
        result.finishReason = .cancelled
        return result
      }
      begin = clock.now()
      accepted = try step(stop: stop)
      result.decodeSeconds += (clock.now() - begin) / 1_000
    }
  }
}

extension OutputText {
  /// - Returns: the number of tokens up to the one that completes a stop string; all if none does.
  fileprivate mutating func append(_ tokens: [TokenID]) -> Int {
    for (index, token) in tokens.enumerated() {
      let _: String = append(token)
      if isStopped { return index + 1 }
    }
    return tokens.count
  }
}
