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

  init() {}

  /// A text that was cancelled, of which nothing but its tokens is known.
  public init(cancelledAfter tokens: [TokenID]) {
    self.tokens = tokens
    finishReason = .cancelled
  }

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
    try stop.check()
    var growth = TextGrowth(stop: stop)
    var begin = clock.now()
    var accepted: Accepted
    do {
      accepted = try start(prompt: prompt, onProgress: onProgress)
    } catch is CancellationError {
      growth.result.prefillSeconds = (clock.now() - begin) / 1_000
      growth.result.finishReason = .cancelled
      return growth.result
    }
    growth.result.prefillSeconds = (clock.now() - begin) / 1_000
    while true {
      accepted = growth.take(accepted, of: &self)
      let continuation = try onTokens(accepted)
      if growth.hasEnded(text.count, contextLimit: contextLimit) { return growth.result }
      if continuation == .cancel {
        growth.result.finishReason = .cancelled
        return growth.result
      }
      begin = clock.now()
      accepted = try step(stop: stop)
      growth.result.decodeSeconds += (clock.now() - begin) / 1_000
    }
  }
}

extension StopRules {
  /// - Throws: `LookaheadError.invalidSize` if no token may be made.
  func check() throws(LookaheadError) {
    guard maximumTokens < 1 else { return }
    throw LookaheadError.invalidSize(name: "number of tokens", found: maximumTokens, minimum: 1)
  }
}

/// A text while it is made, pass by pass: its tokens, and whether it has ended.
struct TextGrowth {
  var result = GenerationResult()
  let stop: StopRules
  private var output: OutputText?

  init(stop: StopRules) {
    self.stop = stop
    output = stop.stopStrings.map { OutputText($0.tokenizer, stopStrings: $0) }
  }

  /// Adds the tokens of a pass.
  /// - Returns: them, without those behind a stop string, which the decoder takes back.
  mutating func take(_ accepted: Accepted, of decoder: inout some Decoder) -> Accepted {
    var accepted = accepted
    if let count = output?.append(accepted.tokens), count < accepted.tokens.count {
      decoder.rollBack(accepted.tokens.count - count)
      accepted = accepted.prefix(count)
    }
    result.tokens += accepted.tokens
    result.statistics.record(accepted)
    return accepted
  }

  /// Whether nothing follows, with the reason in the result.
  mutating func hasEnded(_ textCount: Int, contextLimit: Int) -> Bool {
    let isEnd = result.tokens.last.map(stop.endTokens.contains) ?? false
    if isEnd || output?.isStopped == true {
      result.finishReason = .stop
      return true
    }
    // The next pass reads the current token at position `textCount - 1`.
    return result.tokens.count >= stop.maximumTokens || textCount > contextLimit
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
