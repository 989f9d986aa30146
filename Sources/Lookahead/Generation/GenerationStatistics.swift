/// What a generation cost and what its passes yielded.
public struct GenerationStatistics: Equatable, Sendable {
  /// Passes that settled tokens. The one that read the prompt counts: it settled the first.
  public private(set) var passes = 0
  /// Rows over all passes; of the one that read the prompt those from its last token on.
  public private(set) var rows = 0
  /// A histogram: element n is the number of passes that settled n tokens. Element 0 is 0.
  public private(set) var passesByTokens = [0]
  /// How many settled tokens had been guessed, by where the guess was seen.
  public private(set) var guessedTokens: [CandidateSource: Int] = [:]

  /// Tokens that the passes settled.
  public var tokens: Int { passesByTokens.enumerated().reduce(0) { $0 + $1.offset * $1.element } }

  /// Tokens settled by a pass on average; exactly 1 for plain decoding.
  public var tokensPerPass: Double { passes == 0 ? 0 : Double(tokens) / Double(passes) }

  /// Takes in a pass.
  mutating func record(_ settled: SettledTokens) {
    passes += 1
    for case let source? in settled.sources { guessedTokens[source, default: 0] += 1 }
    rows += settled.rows
    let missing = settled.tokens.count + 1 - passesByTokens.count
    if missing > 0 { passesByTokens += Array(repeating: 0, count: missing) }
    passesByTokens[settled.tokens.count] += 1
  }
}

/// How much of a prompt has been read.
public struct PromptProgress: Equatable, Sendable {
  /// Tokens in the cache, those included that an earlier text had put there.
  public let read: Int
  /// Tokens of the prompt.
  public let total: Int
}
