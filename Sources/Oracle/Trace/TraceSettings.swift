import Llama
import Lookahead

/// `LookaheadConfiguration`, field by field.
public struct TraceLookahead: Codable, Equatable, Sendable {
  /// W: columns of the window.
  public var windowSize: Int
  /// N: tokens of an n-gram.
  public var ngramSize: Int
  /// G: candidates that are verified in one pass.
  public var candidatesPerToken: Int
  /// Where candidates come from.
  public var poolSources: [DraftOrigin]
  /// How candidates are found and credited.
  public var policy: LookaheadConfiguration.Policy
  /// Which rows candidates have.
  public var candidateLayout: LookaheadConfiguration.CandidateLayout
  /// Who decides how many rows a pass has.
  public var schedule: LookaheadConfiguration.Schedule
  /// Seed of the draw of the first window.
  public var seed: UInt64
  /// The first level 0, where it was not drawn.
  public var firstWindow: [TokenID]?

  /// The same sizes in the words of a trace.
  public init(_ configuration: LookaheadConfiguration) {
    windowSize = configuration.windowSize
    ngramSize = configuration.ngramSize
    candidatesPerToken = configuration.candidatesPerToken
    let sources: [(LookaheadConfiguration.PoolSources, DraftOrigin)] = [
      (.window, .window), (.prompt, .prompt), (.output, .output), (.file, .file),
    ]
    poolSources = sources.filter { configuration.poolSources.contains($0.0) }.map(\.1)
    policy = configuration.policy
    candidateLayout = configuration.candidateLayout
    schedule = configuration.schedule
    seed = configuration.seed
    firstWindow = configuration.firstWindow
  }
}

/// `SamplingConfiguration`, field by field.
public struct TraceSampling: Codable, Equatable, Sendable {
  /// What was added to the logit of a token.
  public struct Bias: Codable, Equatable, Sendable {
    /// The token.
    public var token: TokenID
    /// What was added; left out where the token was forbidden.
    public var bias: Float?
  }

  /// 0 for the largest logit.
  public var temperature: Float
  /// How many of the most probable tokens were kept; left out for all.
  public var topK: Int?
  /// The probability that the kept tokens reach together.
  public var topP: Double
  /// The least probability of a kept token as part of the largest.
  public var minP: Double
  /// What the logits of tokens of the text were divided by.
  public var repetitionPenalty: Float
  /// What was subtracted for each time that a token was generated.
  public var frequencyPenalty: Float
  /// What was subtracted if a token was generated.
  public var presencePenalty: Float
  /// How many of the last tokens the penalties looked at; left out for all.
  public var penaltyWindow: Int?
  /// Biases by ascending token.
  public var logitBias: [Bias]
  /// Which of the possible texts was drawn.
  public var seed: UInt64

  /// The same settings in the words of a trace.
  public init(_ sampling: SamplingConfiguration) {
    temperature = sampling.temperature
    topK = sampling.topK
    topP = sampling.topP
    minP = sampling.minP
    repetitionPenalty = sampling.repetitionPenalty
    frequencyPenalty = sampling.frequencyPenalty
    presencePenalty = sampling.presencePenalty
    penaltyWindow = sampling.penaltyWindow
    logitBias = sampling.logitBias.sorted { $0.key < $1.key }.map { token, bias in
      Bias(token: token, bias: bias.isFinite ? bias : nil)
    }
    seed = sampling.seed
  }
}
