/// Counts over the passes of a generation.
public struct GenerationStatistics: Equatable, Sendable {
  /// Passes that accepted tokens. The one that read the prompt counts: it accepted the first.
  public private(set) var passes = 0
  /// Rows over all passes; of the one that read the prompt those from its last token on.
  public private(set) var rows = 0
  /// A histogram: element n is the number of passes that accepted n tokens. Element 0 is 0.
  public private(set) var passesByTokens = [0]
  /// How many accepted tokens had been drafted, by origin.
  public private(set) var acceptedDrafts: [DraftOrigin: Int] = [:]

  /// How many of the drafts that were verified were expected to be right, by origin. Equal to
  /// `acceptedDrafts` in the mean, if the estimates are right.
  public private(set) var expectedDrafts: [DraftOrigin: Double] = [:]

  public var tokens: Int { passesByTokens.enumerated().reduce(0) { $0 + $1.offset * $1.element } }

  /// The mean; exactly 1 for plain decoding.
  public var tokensPerPass: Double { passes == 0 ? 0 : Double(tokens) / Double(passes) }

  mutating func record(_ accepted: Accepted) {
    passes += 1
    for case let origin? in accepted.origins { acceptedDrafts[origin, default: 0] += 1 }
    expectedDrafts.merge(accepted.expectedDrafts, uniquingKeysWith: +)
    rows += accepted.rows
    let missing = accepted.tokens.count + 1 - passesByTokens.count
    if missing > 0 { passesByTokens += Array(repeating: 0, count: missing) }
    passesByTokens[accepted.tokens.count] += 1
  }
}

/// How much of a prompt has been read.
public struct PromptProgress: Equatable, Sendable {
  /// Tokens in the cache, including those from an earlier text.
  public let read: Int
  public let total: Int
}
