import Llama

/// Sampling parameters, applied in the order logit bias, repetition, frequency and presence penalty,
/// top-k, top-p, min-p, temperature.
///
/// Temperature comes last, so top-p and min-p use the model's own probabilities (after bias, penalties
/// and, for top-p, top-k), as in llama.cpp and mlx-lm; Hugging Face transformers applies it first
/// (docs/decisions/0027).
public struct SamplingConfiguration: Equatable, Sendable {
  /// 0 takes the largest logit; above, a token is drawn from the distribution at this temperature.
  public let temperature: Float
  /// How many of the most probable tokens are kept; nil for all.
  public let topK: Int?
  /// The total probability that the kept tokens reach; 1 keeps all.
  public let topP: Double
  /// The lowest probability of a kept token relative to the largest; 0 keeps all.
  public let minP: Double
  /// See `RepetitionPenalty`; 1 has no effect.
  public let repetitionPenalty: Float
  public let frequencyPenalty: Float
  public let presencePenalty: Float
  /// How many of the last tokens the penalties count; nil for all.
  public let penaltyWindow: Int?
  public let logitBias: [TokenID: Float]
  /// Of the random numbers; each seed gives its own text.
  public let seed: UInt64

  /// Greedy without arguments.
  /// - Throws: `LookaheadError.invalidSampling`.
  public init(
    temperature: Float = 0, topK: Int? = nil, topP: Double = 1, minP: Double = 0,
    repetitionPenalty: Float = 1, frequencyPenalty: Float = 0, presencePenalty: Float = 0,
    penaltyWindow: Int? = nil, logitBias: [TokenID: Float] = [:], seed: UInt64 = 0
  ) throws {
    let checks: [(name: String, found: String, isValid: Bool, expected: String)] = [
      ("temperature", "\(temperature)", temperature >= 0 && temperature.isFinite, "at least 0"),
      ("top-k", "\(topK ?? 1)", topK ?? 1 >= 1, "at least 1"),
      ("top-p", "\(topP)", topP > 0 && topP <= 1, "above 0 and at most 1"),
      ("min-p", "\(minP)", minP >= 0 && minP <= 1, "from 0 to 1"),
      (
        "repetition penalty", "\(repetitionPenalty)",
        repetitionPenalty > 0 && repetitionPenalty.isFinite, "above 0"
      ),
      ("frequency penalty", "\(frequencyPenalty)", frequencyPenalty.isFinite, "a finite number"),
      ("presence penalty", "\(presencePenalty)", presencePenalty.isFinite, "a finite number"),
      ("penalty window", "\(penaltyWindow ?? 0)", penaltyWindow ?? 0 >= 0, "at least 0"),
    ]
    let biases = logitBias.sorted { $0.key < $1.key }.map { token, bias in
      (
        name: "bias of token \(token)", found: "\(bias)", isValid: bias < .infinity,
        expected: "a number below infinity"
      )
    }
    for check in checks + biases where !check.isValid {
      throw LookaheadError.invalidSampling(
        name: check.name, found: check.found, expected: check.expected)
    }
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.frequencyPenalty = frequencyPenalty
    self.presencePenalty = presencePenalty
    self.penaltyWindow = penaltyWindow
    self.logitBias = logitBias
    self.seed = seed
  }

  public var isGreedy: Bool { temperature == 0 }

  public var choice: SamplingSelector.Choice { isGreedy ? .largest : .drawn(seed: seed) }

  /// The processors that have an effect, in order. The last four do not change which logit is the
  /// largest, so greedy choice omits them.
  public var processors: [any LogitsProcessor] {
    let processors: [(hasEffect: Bool, processor: any LogitsProcessor)] = [
      (!logitBias.isEmpty, LogitBias(logitBias)),
      (repetitionPenalty != 1, RepetitionPenalty(repetitionPenalty, window: penaltyWindow)),
      (frequencyPenalty != 0, FrequencyPenalty(frequencyPenalty, window: penaltyWindow)),
      (presencePenalty != 0, PresencePenalty(presencePenalty, window: penaltyWindow)),
      (!isGreedy && topK != nil, TopK(topK ?? 1)), (!isGreedy && topP < 1, TopP(topP)),
      (!isGreedy && minP > 0, MinP(minP)),
      (!isGreedy && temperature != 1, Temperature(temperature)),
    ]
    return processors.filter(\.hasEffect).map(\.processor)
  }
}
