import Llama
import Lookahead
import Oracle

/// One text, made by a decoder under the eyes of the command line.
struct GenerationRun {
  /// What was made.
  let result: GenerationResult
  /// The digest of the logits; empty where it was not asked for.
  let digest: LogitsDigest
  /// The size of each pass but the first, and how many tokens it settled.
  let sizes: [(size: PassSize, settled: Int)]
  /// Whether a signal ended the text. One that came with its last pass did not, but is in
  /// `Interruption.signal` all the same, for what would follow.
  var isCut: Bool { result.finishReason == .cancelled }

  /// Makes a text; a signal ends it after the running pass, of the prompt too.
  /// - Parameters:
  ///   - decoder: what makes it; it keeps its cache.
  ///   - digestsLogits: whether to compute the digest, which takes time.
  ///   - clock: what seconds are told by.
  ///   - onTokens: called with the tokens of each pass.
  init(
    _ decoder: inout any Decoder, prompt: [TokenID], stop: StopRules, digestsLogits: Bool,
    clock: PassClock = .system,
    onTokens: ([TokenID]) throws -> Void = { _ in }
  ) throws {
    var digest = LogitsDigest()
    var sizes: [(size: PassSize, settled: Int)] = []
    let result = try Interruption.heeding {
      try decoder.generate(prompt: prompt, stop: stop, clock: clock) { settled in
        if let size = settled.size { sizes.append((size, settled.tokens.count)) }
        try onTokens(settled.tokens)
        if digestsLogits { digest.append(settled) }
        return Interruption.signal == nil ? .proceed : .cancel
      } onProgress: { _ in
        if Interruption.signal != nil { throw CancellationError() }
      }
    }
    self.result = result
    self.digest = digest
    self.sizes = sizes
  }

  /// One line for people: tokens, passes, tokens per pass, tokens per second, time to first token,
  /// finish reason.
  var summary: String {
    [
      result.tokens.count.counted("token"), result.passes.counted("pass", plural: "passes"),
      "\(result.tokensPerPass.rounded(toPlaces: 2)) tokens per pass",
      "\(result.tokensPerSecond.rounded(toPlaces: 1)) tokens/s",
      "first token after \(result.prefillSeconds.rounded(toPlaces: 3)) s",
      "finish reason \(result.finishReason.rawValue)",
    ].joined(separator: ", ")
  }

  /// How often a pass settled one token, two, and so on.
  var distribution: String {
    let counts = result.statistics.passesByTokens.enumerated().filter { $0.element > 0 }
    let parts = counts.map { "\($0.element) × \($0.offset)" }
    let accepted = result.statistics.acceptedDrafts
    let others = accepted.keys.filter { !DraftOrigin.builtIn.contains($0) }
    let sources = (DraftOrigin.builtIn + others.sorted { $0.name < $1.name }).compactMap { origin in
      accepted[origin].map { "\($0) of the \(origin)" }
    }
    let guessed = sources.isEmpty ? "none" : sources.joined(separator: ", ")
    return "passes × tokens: \(parts.joined(separator: ", ")); "
      + "\(result.rows.counted("row")) in all; guessed: \(guessed)"
  }

  /// The sizes of the passes in turn.
  var sizeList: String {
    let parts = sizes.map { size, settled in
      "\(size.windowRows)+\(size.candidateRows) (\(size.expectedTokens.rounded(toPlaces: 1))"
        + " → \(settled))"
    }
    return "rows of window + candidates beside the current token (tokens expected → settled): "
      + parts.joined(separator: ", ")
  }
}
