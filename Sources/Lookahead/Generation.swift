import Llama

/// Why a text ended.
public enum FinishReason: String, Sendable, Codable {
  /// The model produced an end-of-sequence token.
  case stop
  /// The wanted number of tokens, or the end of the context, was reached.
  case length
  /// The caller asked to end.
  case cancelled
}

/// What a generation produced and what it cost.
public struct GenerationResult: Sendable {
  /// The generated tokens; an end-of-sequence token that ended the text is the last of them.
  public internal(set) var tokens: [TokenID] = []
  /// Why the text ended.
  public internal(set) var finishReason = FinishReason.length
  /// Passes that settled tokens. The one that read the prompt counts: it settled the first.
  public internal(set) var passes = 0
  /// Rows over all passes; of the one that read the prompt those from its last token on.
  public internal(set) var rows = 0
  /// Seconds that the pass took which read the prompt and settled the first token.
  public internal(set) var prefillSeconds = 0.0
  /// Seconds that all later passes took; what the caller did with the tokens is not counted.
  public internal(set) var decodeSeconds = 0.0

  /// Tokens settled by a pass on average; exactly 1 for plain decoding.
  public var tokensPerPass: Double { passes == 0 ? 0 : Double(tokens.count) / Double(passes) }

  /// Tokens per second, the first, which belongs to reading the prompt, not counted.
  public var tokensPerSecond: Double {
    decodeSeconds > 0 ? Double(max(0, tokens.count - 1)) / decodeSeconds : 0
  }
}

/// What a caller answers to newly settled tokens.
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
  /// - Parameter onTokens: called with the tokens of every pass as soon as they are settled.
  public mutating func generate(
    prompt: [TokenID], stop: StopRules,
    onTokens: (SettledTokens) throws -> Continuation = { _ in .proceed }
  ) throws -> GenerationResult {
    if stop.maximumTokens < 1 {
      throw LookaheadError.notPositive(name: "number of tokens", found: stop.maximumTokens)
    }
    let clock = ContinuousClock()
    var result = GenerationResult()
    var begin = clock.now
    var settled = try start(prompt: prompt)
    result.prefillSeconds = begin.duration(to: clock.now) / .seconds(1)
    while true {
      result.tokens += settled.tokens
      result.passes += 1
      result.rows += settled.rows
      let continuation = try onTokens(settled)
      if let last = result.tokens.last, stop.endTokens.contains(last) {
        result.finishReason = .stop
        return result
      }
      // The current token is read at position `text.count - 1`.
      if result.tokens.count >= stop.maximumTokens || text.count > contextLimit { return result }
      if continuation == .cancel {
        result.finishReason = .cancelled
        return result
      }
      begin = clock.now
      settled = try step(stop: stop)
      result.decodeSeconds += begin.duration(to: clock.now) / .seconds(1)
    }
  }
}
