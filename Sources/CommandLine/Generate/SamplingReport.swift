import Lookahead

struct SamplingReport: Encodable {
  let temperature: Float
  /// Null where tokens are not drawn.
  @Nullable var seed: UInt64?
  /// Null where all tokens are kept.
  @Nullable var topK: Int?
  let topP: Double
  let minP: Double
  let repeatPenalty: Float
  let frequencyPenalty: Float
  let presencePenalty: Float
  /// Null for all the text.
  @Nullable var repeatLastN: Int?
  /// By token id; null where a token is forbidden.
  let logitBias: [String: Nullable<Float>]

  init(_ sampling: SamplingConfiguration) {
    temperature = sampling.temperature
    seed = sampling.isGreedy ? nil : sampling.seed
    topK = sampling.topK
    topP = sampling.topP
    minP = sampling.minP
    repeatPenalty = sampling.repetitionPenalty
    frequencyPenalty = sampling.frequencyPenalty
    presencePenalty = sampling.presencePenalty
    repeatLastN = sampling.penaltyWindow
    logitBias = Dictionary(
      uniqueKeysWithValues: sampling.logitBias.map { token, bias in
        ("\(token)", Nullable(value: bias.isFinite ? bias : nil))
      })
  }
}
