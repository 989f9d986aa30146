import Llama

/// Why a text ended.
public enum FinishReason: String, Sendable, Codable {
  /// The model produced an end-of-sequence token, or the text reached a stop string.
  case stop
  /// The wanted number of tokens, or the end of the context, was reached.
  case length
  /// The caller asked to end.
  case cancelled
}

/// What a generation produced and what it cost.
public struct GenerationResult: Sendable {
  /// The generated tokens. The token that ended the text is the last of them: an end-of-sequence
  /// token, or the one that completed a stop string, in which case the text of the tokens
  /// (`OutputText`) ends before that string.
  public internal(set) var tokens: [TokenID] = []
  /// Why the text ended.
  public internal(set) var finishReason = FinishReason.length
  /// What the passes cost and yielded.
  public internal(set) var statistics = GenerationStatistics()
  /// Seconds that the pass took which read the prompt and accepted the first token.
  public internal(set) var prefillSeconds = 0.0
  /// Seconds that all later passes took; what the caller did with the tokens is not counted.
  public internal(set) var decodeSeconds = 0.0

  /// Passes that accepted tokens. The one that read the prompt counts: it accepted the first.
  public var passes: Int { statistics.passes }

  /// Rows over all passes; of the one that read the prompt those from its last token on.
  public var rows: Int { statistics.rows }

  /// Tokens accepted by a pass on average; exactly 1 for plain decoding.
  public var tokensPerPass: Double { statistics.tokensPerPass }

  /// Tokens per second, the first, which belongs to reading the prompt, not counted.
  public var tokensPerSecond: Double {
    decodeSeconds > 0 ? Double(max(0, tokens.count - 1)) / decodeSeconds : 0
  }
}

/// What a caller answers to newly accepted tokens.
public enum Continuation: Sendable {
  /// Generate on.
  case proceed
  /// End here, with `FinishReason.cancelled`.
  case cancel
}

extension Decoder {
  /// Generates until a stop rule holds, the context is full or the caller cancels.
  ///
  /// The one loop of both decoders.
  /// - Parameters:
  ///   - clock: what the seconds of the result are told by.
  ///   - onTokens: called with the tokens of every pass as soon as they are accepted.
  ///   - onProgress: called while the prompt is read; what it throws ends the reading, and with a
  ///     `CancellationError` the text, which then has no tokens and was `FinishReason.cancelled`.
  public mutating func generate(
    prompt: [TokenID], stop: StopRules, clock: PassClock = .system,
    onTokens: (Accepted) throws -> Continuation = { _ in .proceed },
    onProgress: (PromptProgress) throws -> Void = { _ in }
  ) throws -> GenerationResult {
    if stop.maximumTokens < 1 {
      throw LookaheadError.notPositive(name: "number of tokens", found: stop.maximumTokens)
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
        // The pass went beyond the stop string.
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
      // The current token is read at position `text.count - 1`.
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
  /// Takes the tokens of a pass.
  /// - Returns: how many of them there are up to the one that completes a stop string; all if none
  ///   does.
  fileprivate mutating func append(_ tokens: [TokenID]) -> Int {
    for (index, token) in tokens.enumerated() {
      let _: String = append(token)
      if isStopped { return index + 1 }
    }
    return tokens.count
  }
}
