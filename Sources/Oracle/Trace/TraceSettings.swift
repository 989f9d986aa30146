import Llama
import Lookahead

/// `LookaheadConfiguration`, field by field.
public struct TraceLookahead: Codable, Equatable, Sendable {
  public var windowSize: Int
  public var ngramSize: Int
  public var candidatesPerToken: Int
  public var poolSources: [DraftOrigin]
  public var policy: LookaheadConfiguration.Policy
  public var candidateLayout: LookaheadConfiguration.CandidateLayout
  public var schedule: LookaheadConfiguration.Schedule
  public var seed: UInt64
  public var firstWindow: [TokenID]?

  public init(_ configuration: LookaheadConfiguration) {
    windowSize = configuration.windowSize
    ngramSize = configuration.ngramSize
    candidatesPerToken = configuration.candidatesPerToken
    poolSources = DraftOrigin.builtIn.filter(configuration.poolSources.contains)
    policy = configuration.policy
    candidateLayout = configuration.candidateLayout
    schedule = configuration.schedule
    seed = configuration.seed
    firstWindow = configuration.firstWindow
  }
}

/// `SamplingConfiguration`, field by field.
public struct TraceSampling: Codable, Equatable, Sendable {
  /// What was added to the logit of a token; left out where the token was forbidden.
  public struct Bias: Codable, Equatable, Sendable {
    public var token: TokenID
    public var bias: Float?
  }

  public var temperature: Float
  public var topK: Int?
  public var topP: Double
  public var minP: Double
  public var repetitionPenalty: Float
  public var frequencyPenalty: Float
  public var presencePenalty: Float
  public var penaltyWindow: Int?
  public var logitBias: [Bias]
  public var seed: UInt64

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
