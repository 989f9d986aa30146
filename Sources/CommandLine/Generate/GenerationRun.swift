import Llama
import Lookahead
import Oracle
import Session

/// One text with what the commands report of it.
struct GenerationRun {
  let result: GenerationResult
  /// Of the logits; empty where it was not wanted.
  let digest: LogitsDigest
  /// The size of each pass but the first, and how many tokens it accepted.
  let sizes: [(size: PassSize, accepted: Int)]
  /// Nil where there is no session.
  let text: GeneratedText?

  /// Whether a signal ended the text. One that came with its last pass did not, but is in
  /// `Interruption.signal`.
  var isCut: Bool { result.finishReason == .cancelled }

  typealias OnTokens = (Accepted) throws -> Continuation
  typealias OnProgress = (PromptProgress) throws -> Void

  /// A text of a session. A signal ends it after the running pass, also while the prompt is read.
  init(
    digestsLogits: Bool, onTokens: @escaping ([TokenID]) throws -> Void,
    _ make: (@escaping OnTokens, @escaping OnProgress) throws -> GeneratedText
  ) throws {
    try self.init(digestsLogits, onTokens) { onTokens, onProgress in
      let text = try make(onTokens, onProgress)
      return (text.result, text)
    }
  }

  init(
    _ decoder: inout any Decoder, prompt: [TokenID], stop: StopRules, digestsLogits: Bool,
    clock: PassClock = .system
  ) throws {
    try self.init(digestsLogits, { _ in }) { onTokens, onProgress in
      let result = try decoder.generate(
        prompt: prompt, stop: stop, clock: clock, onTokens: onTokens, onProgress: onProgress)
      return (result, nil)
    }
  }

  private init(
    _ digestsLogits: Bool, _ onTokens: @escaping ([TokenID]) throws -> Void,
    _ make: (@escaping OnTokens, @escaping OnProgress) throws -> (GenerationResult, GeneratedText?)
  ) throws {
    var digest = LogitsDigest()
    var sizes: [(size: PassSize, accepted: Int)] = []
    (result, text) = try Interruption.heeding {
      try make(
        { accepted in
          if let size = accepted.size { sizes.append((size, accepted.tokens.count)) }
          try onTokens(accepted.tokens)
          if digestsLogits { digest.append(accepted) }
          return Interruption.signal == nil ? .proceed : .cancel
        }, { _ in if Interruption.signal != nil { throw CancellationError() } })
    }
    (self.digest, self.sizes) = (digest, sizes)
  }

  var summary: String {
    [
      result.tokens.count.counted("token"), result.passes.counted("pass", plural: "passes"),
      "\(result.tokensPerPass.rounded(toPlaces: 2)) tokens per pass",
      "\(result.tokensPerSecond.rounded(toPlaces: 1)) tokens/s",
      "first token after \(result.prefillSeconds.rounded(toPlaces: 3)) s",
      "finish reason \(result.finishReason.rawValue)",
    ].joined(separator: ", ")
  }

  /// How many passes accepted one token, two, and so on, and where the tokens were drafted.
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

  var sizeList: String {
    let parts = sizes.map { size, accepted in
      "\(size.windowRows)+\(size.candidateRows) (\(size.expectedTokens.rounded(toPlaces: 1))"
        + " → \(accepted))"
    }
    return "rows of window + candidates beside the current token (tokens expected → accepted): "
      + parts.joined(separator: ", ")
  }
}
