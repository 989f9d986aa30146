import Llama
import Lookahead

/// One text, made by a decoder under the eyes of the command line.
struct GenerationRun {
  /// What was made.
  let result: GenerationResult
  /// The digest of the logits; empty where it was not asked for.
  let digest: LogitsDigest
  /// How many tokens each pass settled.
  let tokensOfPasses: [Int]
  /// How many tokens were guessed, by where they were seen.
  let tokensOfSources: [CandidateSource: Int]
  /// The signal that ended the text, if one did.
  let signal: Int32?

  /// Makes a text; a signal ends it after the running pass.
  /// - Parameters:
  ///   - decoder: what makes it; it keeps its cache.
  ///   - digestsLogits: whether to compute the digest, which takes time.
  ///   - onTokens: called with the tokens of each pass.
  init(
    _ decoder: inout any Decoder, prompt: [TokenID], stop: StopRules, digestsLogits: Bool,
    onTokens: ([TokenID]) throws -> Void = { _ in }
  ) throws {
    var digest = LogitsDigest()
    var tokensOfPasses: [Int] = []
    var tokensOfSources: [CandidateSource: Int] = [:]
    let result = try Interruption.heeding {
      try decoder.generate(prompt: prompt, stop: stop) { settled in
        tokensOfPasses.append(settled.tokens.count)
        for case let source? in settled.sources { tokensOfSources[source, default: 0] += 1 }
        try onTokens(settled.tokens)
        if digestsLogits { digest.append(settled) }
        return Interruption.signal == nil ? .proceed : .cancel
      }
    }
    self.result = result
    self.digest = digest
    self.tokensOfPasses = tokensOfPasses
    self.tokensOfSources = tokensOfSources
    // A signal that came with the last pass changed nothing.
    signal = result.finishReason == .cancelled ? Interruption.signal : nil
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
    let counts = Dictionary(grouping: tokensOfPasses) { $0 }.mapValues(\.count)
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
    let sources = CandidateSource.allCases.compactMap { source in
      tokensOfSources[source].map { "\($0) of the \(source)" }
    }
    return "passes × tokens: \(parts.joined(separator: ", ")); "
      + "\(result.rows.counted("row")) in all; guessed: \(sources.isEmpty ? "none" : sources.joined(separator: ", "))"
  }
}
